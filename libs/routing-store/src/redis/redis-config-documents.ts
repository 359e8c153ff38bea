import type { ChangeNote } from '../domain/change-log';
import type { ConfigDocuments, MerchantConfigText, TierConfigDocument } from '../domain/config-documents';
import {
  currentMerchantVersion,
  MERCHANT_HISTORIES_KEPT,
  MERCHANT_VERSIONS_KEPT,
  type MerchantConfigChange,
  type MerchantConfigChangeOutcome,
  type MerchantConfigVersion,
} from '../domain/merchant-documents';
import { noteArgs } from './redis-change-log';
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

  replaceTierConfig(expected: string | null, text: string, version: number, note: ChangeNote): Promise<boolean> {
    return this.store.replaceTierConfig([expected, text], version, HISTORY_LENGTH, noteArgs(note));
  }

  async tierConfigHistory(): Promise<readonly { version: number; text: string }[]> {
    const key = this.store.keys.tierConfigHistory;
    const entries = await this.store.command((client) => client.lrange(key, 0, HISTORY_LENGTH - 1));
    return entries.map((entry) => {
      const end = entry.indexOf(' ');
      return { version: Number(entry.slice(0, end)), text: entry.slice(end + 1) };
    });
  }

  async readMerchantConfig(merchantId: string): Promise<MerchantConfigVersion> {
    const { current } = await this.readMerchant(merchantId, 1);
    return current;
  }

  async changeMerchantConfig(change: MerchantConfigChange): Promise<MerchantConfigChangeOutcome> {
    const { merchantId, text, expected, note } = change;
    const condition = expected === null ? [0, '', 0] : [1, expected.text ?? '', expected.version];
    const reply = await this.store.runConfirmed(
      'changeMerchantConfig',
      this.store.keys.merchantConfig,
      ...[merchantId, text ?? '', ...condition, MERCHANT_VERSIONS_KEPT, MERCHANT_HISTORIES_KEPT, ...noteArgs(note)],
    );
    return { kind: reply.kind, current: currentMerchantVersion(reply.text, merchantVersion(reply.newestEntry)) };
  }

  async merchantConfigHistory(merchantId: string): Promise<readonly MerchantConfigVersion[]> {
    const { current, versions } = await this.readMerchant(merchantId, MERCHANT_VERSIONS_KEPT);
    return current.version === (versions[0]?.version ?? 0) ? versions : [current, ...versions];
  }

  private async readMerchant(merchantId: string, limit: number) {
    const key = this.store.keys.merchantConfig;
    const { text, entries } = await this.store.run('readMerchantConfig', key, merchantId, limit);
    const versions = entries.flatMap((entry) => merchantVersion(entry) ?? []);
    return { current: currentMerchantVersion(text, versions[0]), versions };
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

const MERCHANT_ENTRY = /^(\d{1,15}) (\d{1,15}) (.*)$/s;

/** Reads an entry of a merchant's history, `{version} {Unix ms, 0: by hand} {text}`; `undefined` for what is none. */
function merchantVersion(entry: string): MerchantConfigVersion | undefined {
  const parts = MERCHANT_ENTRY.exec(entry);
  if (!parts) return undefined;
  const [, version, storedAtMs, text = ''] = parts;
  return { version: Number(version), text: text || null, storedAtMs: Number(storedAtMs) || null };
}
