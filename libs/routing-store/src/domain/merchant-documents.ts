import type { ChangeNote } from './change-log';

/** Older versions of a merchant's config are dropped. */
export const MERCHANT_VERSIONS_KEPT = 20;

/**
 * The merchants whose versions are kept: those that were changed last, with or without a config by now. Together with
 * `MERCHANT_VERSIONS_KEPT` it bounds what histories take.
 */
export const MERCHANT_HISTORIES_KEPT = 10_000;

/** A state of a merchant's config. Operators may write it by hand at any time. */
export interface MerchantConfigVersion {
  /** From 1; 0 where nothing was ever stored. What was written by hand counts as the version after the last one. */
  readonly version: number;
  /** The raw text; `null` for none. */
  readonly text: string | null;
  /** Unix time in milliseconds, by the clock of the store; `null` for what was written by hand. */
  readonly storedAtMs: number | null;
}

export interface MerchantConfigChange {
  readonly merchantId: string;
  /** `null` removes the config. */
  readonly text: string | null;
  /** The state that must still be there (compare and set); `null`: whatever is there. */
  readonly expected: Pick<MerchantConfigVersion, 'text' | 'version'> | null;
  readonly note: ChangeNote;
}

/** `unchanged`: the text was there already. `conflict`: nothing was stored. */
export interface MerchantConfigChangeOutcome {
  readonly kind: 'changed' | 'unchanged' | 'conflict';
  /** What is stored now. */
  readonly current: MerchantConfigVersion;
}

/** @param newest the last version that was stored with its number, if there is one */
export function currentMerchantVersion(text: string | null, newest?: MerchantConfigVersion): MerchantConfigVersion {
  const isRecorded = (newest?.text ?? null) === text;
  if (isRecorded) return newest ?? { version: 0, text, storedAtMs: null };
  return { version: (newest?.version ?? 0) + 1, text, storedAtMs: null };
}
