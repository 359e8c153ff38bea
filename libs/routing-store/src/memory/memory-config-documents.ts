import type { ConfigDocuments, Hint, Hints, MerchantConfigText, TierConfigDocument } from '../domain/config-documents';

const HISTORY_LENGTH = 50;

export class MemoryConfigDocuments implements ConfigDocuments, Hints {
  readonly merchants = new Map<string, string>();
  private tierConfig: string | null = null;
  private readonly history: { version: number; text: string }[] = [];
  private readonly listeners = new Map<Hint, Set<() => void>>();

  async readTierConfig(): Promise<TierConfigDocument> {
    return { text: this.tierConfig, lastVersion: this.history[0]?.version ?? 0 };
  }

  async createTierConfig(text: string): Promise<string> {
    this.tierConfig ??= text;
    return this.tierConfig;
  }

  async replaceTierConfig(expected: string | null, text: string, version: number): Promise<boolean> {
    if (this.tierConfig !== expected) return false;
    this.tierConfig = text;
    this.history.unshift({ version, text });
    this.history.splice(HISTORY_LENGTH);
    await this.publish('tier-config-changed');
    return true;
  }

  async tierConfigHistory(): Promise<readonly { version: number; text: string }[]> {
    return [...this.history];
  }

  async readMerchantConfig(merchantId: string): Promise<string | null> {
    return this.merchants.get(merchantId) ?? null;
  }

  async writeMerchantConfig(merchantId: string, text: string): Promise<void> {
    this.merchants.set(merchantId, text);
  }

  async deleteMerchantConfig(merchantId: string): Promise<boolean> {
    return this.merchants.delete(merchantId);
  }

  async merchantConfigs(
    limit: number,
    cursor?: string,
  ): Promise<{ items: readonly MerchantConfigText[]; cursor: string | null }> {
    const rest = [...this.merchants.keys()].sort().filter((id) => cursor === undefined || id > cursor);
    const items = rest
      .slice(0, limit)
      .map((merchantId) => ({ merchantId, text: this.merchants.get(merchantId) as string }));
    return { items, cursor: rest.length > limit ? (items.at(-1)?.merchantId ?? null) : null };
  }

  async publish(hint: Hint): Promise<void> {
    for (const listener of this.listeners.get(hint) ?? []) listener();
  }

  subscribe(hint: Hint, listener: () => void): () => void {
    const listeners = this.listeners.get(hint) ?? new Set();
    this.listeners.set(hint, listeners.add(listener));
    return () => void listeners.delete(listener);
  }
}
