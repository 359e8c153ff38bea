import type { ChangeNote } from '../domain/change-log';
import type { ConfigDocuments, Hint, Hints, MerchantConfigText, TierConfigDocument } from '../domain/config-documents';
import type {
  MerchantConfigChange,
  MerchantConfigChangeOutcome,
  MerchantConfigVersion,
} from '../domain/merchant-documents';
import type { MemoryChangeLog } from './memory-change-log';
import { MemoryMerchantConfigs } from './memory-merchant-configs';

const HISTORY_LENGTH = 50;

export class MemoryConfigDocuments implements ConfigDocuments, Hints {
  readonly merchants: MemoryMerchantConfigs;
  private tierConfig: string | null = null;
  private readonly history: { version: number; text: string }[] = [];
  private readonly listeners = new Map<Hint, Set<() => void>>();

  /** @param now Unix time in milliseconds */
  constructor(
    private readonly changeLog: MemoryChangeLog,
    now: () => number,
  ) {
    this.merchants = new MemoryMerchantConfigs(changeLog, now);
  }

  async readTierConfig(): Promise<TierConfigDocument> {
    return { text: this.tierConfig, lastVersion: this.history[0]?.version ?? 0 };
  }

  async createTierConfig(text: string): Promise<string> {
    this.tierConfig ??= text;
    return this.tierConfig;
  }

  async replaceTierConfig(expected: string | null, text: string, version: number, note: ChangeNote): Promise<boolean> {
    if (this.tierConfig !== expected) return false;
    this.changeLog.write(note, { subject: '', version, before: expected, after: text });
    this.tierConfig = text;
    this.history.unshift({ version, text });
    this.history.splice(HISTORY_LENGTH);
    await this.publish('tier-config-changed');
    return true;
  }

  async tierConfigHistory(): Promise<readonly { version: number; text: string }[]> {
    return [...this.history];
  }

  async readMerchantConfig(merchantId: string): Promise<MerchantConfigVersion> {
    return this.merchants.current(merchantId);
  }

  async changeMerchantConfig(change: MerchantConfigChange): Promise<MerchantConfigChangeOutcome> {
    return this.merchants.change(change);
  }

  async merchantConfigHistory(merchantId: string): Promise<readonly MerchantConfigVersion[]> {
    return this.merchants.history(merchantId);
  }

  async merchantConfigs(
    limit: number,
    cursor?: string,
  ): Promise<{ items: readonly MerchantConfigText[]; cursor: string | null }> {
    const rest = [...this.merchants.texts.keys()].sort().filter((id) => cursor === undefined || id > cursor);
    const items = rest
      .slice(0, limit)
      .map((merchantId) => ({ merchantId, text: this.merchants.texts.get(merchantId) as string }));
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
