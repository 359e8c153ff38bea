import type { ConfigDocuments, MerchantConfigText, TierConfigDocument } from '../domain/config-documents';
import type { RedisStoreAccess } from './redis-store-access';

const HISTORY_LENGTH = 50;

export class RedisConfigDocuments implements ConfigDocuments {
  constructor(private readonly store: RedisStoreAccess) {}

  async readTierConfig(): Promise<TierConfigDocument> {
    const { tierConfig, tierConfigVersion } = this.store.keys;
    const [text, version] = await this.store.command((client) => client.mget(tierConfig, tierConfigVersion));
    return { text: text ?? null, lastVersion: Number(version ?? 0) };
  }

  async createTierConfig(text: string): Promise<string> {
    const stored = await this.store.write((client) => client.set(this.store.keys.tierConfig, text, 'NX', 'GET'));
    return stored ?? text;
  }

  replaceTierConfig(expected: string | null, text: string, version: number): Promise<boolean> {
    return this.store.replaceTierConfig(expected, text, version, HISTORY_LENGTH);
  }

  async tierConfigHistory(): Promise<readonly { version: number; text: string }[]> {
    const key = this.store.keys.tierConfigHistory;
    const entries = await this.store.command((client) => client.lrange(key, 0, HISTORY_LENGTH - 1));
    return entries.map((entry) => {
      const end = entry.indexOf(' ');
      return { version: Number(entry.slice(0, end)), text: entry.slice(end + 1) };
    });
  }

  readMerchantConfig(merchantId: string): Promise<string | null> {
    return this.store.command((client) => client.hget(this.store.keys.merchantConfig, merchantId));
  }

  async writeMerchantConfig(merchantId: string, text: string): Promise<void> {
    await this.store.command((client) => client.hset(this.store.keys.merchantConfig, merchantId, text));
  }

  async deleteMerchantConfig(merchantId: string): Promise<boolean> {
    return (await this.store.command((client) => client.hdel(this.store.keys.merchantConfig, merchantId))) === 1;
  }

  async merchantConfigs(
    limit: number,
    cursor = '0',
  ): Promise<{ items: readonly MerchantConfigText[]; cursor: string | null }> {
    const key = this.store.keys.merchantConfig;
    const [next, entries] = await this.store.command((client) => client.hscan(key, cursor, 'COUNT', limit));
    const items: MerchantConfigText[] = [];
    for (let i = 0; i < entries.length; i += 2) {
      items.push({ merchantId: entries[i] as string, text: entries[i + 1] as string });
    }
    return { items, cursor: next === '0' ? null : next };
  }
}
