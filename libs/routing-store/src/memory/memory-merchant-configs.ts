import {
  currentMerchantVersion,
  MERCHANT_HISTORIES_KEPT,
  MERCHANT_VERSIONS_KEPT,
  type MerchantConfigChange,
  type MerchantConfigChangeOutcome,
  type MerchantConfigVersion,
} from '../domain/merchant-documents';
import type { MemoryChangeLog } from './memory-change-log';

/** Configs of merchants with their versions. */
export class MemoryMerchantConfigs {
  /** What is in force. */
  readonly texts = new Map<string, string>();
  /** Newest first; the merchant that was changed last is the last one. */
  private readonly histories = new Map<string, readonly MerchantConfigVersion[]>();

  /** @param now Unix time in milliseconds */
  constructor(
    private readonly changeLog: MemoryChangeLog,
    private readonly now: () => number,
  ) {}

  current(merchantId: string): MerchantConfigVersion {
    return currentMerchantVersion(this.texts.get(merchantId) ?? null, this.histories.get(merchantId)?.[0]);
  }

  change({ merchantId, text, expected, note }: MerchantConfigChange): MerchantConfigChangeOutcome {
    const current = this.current(merchantId);
    const isExpected = expected === null || (expected.text === current.text && expected.version === current.version);
    if (!isExpected) return { kind: 'conflict', current };
    if (current.text === text) return { kind: 'unchanged', current };
    const next = { version: current.version + 1, text, storedAtMs: Math.floor(this.now()) };
    this.changeLog.write(note, { subject: merchantId, version: next.version, before: current.text, after: text });
    if (text === null) this.texts.delete(merchantId);
    else this.texts.set(merchantId, text);
    this.keep(merchantId, [next, ...this.history(merchantId, current)]);
    return { kind: 'changed', current: next };
  }

  /** Newest first. */
  history(merchantId: string, current = this.current(merchantId)): readonly MerchantConfigVersion[] {
    const versions = this.histories.get(merchantId) ?? [];
    return current.version === (versions[0]?.version ?? 0) ? versions : [current, ...versions];
  }

  private keep(merchantId: string, history: readonly MerchantConfigVersion[]): void {
    this.histories.delete(merchantId);
    this.histories.set(merchantId, history.slice(0, MERCHANT_VERSIONS_KEPT));
    const [oldest] = this.histories.keys();
    if (oldest !== undefined && this.histories.size > MERCHANT_HISTORIES_KEPT) this.histories.delete(oldest);
  }
}
