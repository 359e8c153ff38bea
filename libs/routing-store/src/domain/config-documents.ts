import type { ChangeNote } from './change-log';
import type { MerchantConfigChange, MerchantConfigChangeOutcome, MerchantConfigVersion } from './merchant-documents';

/** A stored text together with the highest version that was ever given to it. */
export interface TierConfigDocument {
  /** The JSON as it is stored, perhaps written by hand; `null` where there is none. */
  readonly text: string | null;
  /** The highest version that `replaceTierConfig` stored, 0 for none. */
  readonly lastVersion: number;
}

/** The raw config of one merchant, perhaps written by hand. */
export interface MerchantConfigText {
  readonly merchantId: string;
  readonly text: string;
}

/**
 * The raw configuration texts that all replicas share. What they mean is the business of the tier config domain.
 * Operators may change them by hand at any time.
 */
export interface ConfigDocuments {
  readTierConfig(): Promise<TierConfigDocument>;

  /** Stores the text only where there is none yet. @returns the text that is stored now */
  createTierConfig(text: string): Promise<string>;

  /**
   * Stores the text as `version`, keeps it in the history and notifies all replicas; only where the stored text is
   * still `expected` (compare and set). The change log gets a record in the same operation. @returns whether it was stored
   */
  replaceTierConfig(expected: string | null, text: string, version: number, note: ChangeNote): Promise<boolean>;

  /** Texts that were stored through `replaceTierConfig`, newest first, the last 50. */
  tierConfigHistory(): Promise<readonly { readonly version: number; readonly text: string }[]>;

  readMerchantConfig(merchantId: string): Promise<MerchantConfigVersion>;
  /** Stores or removes a config as its next version, with a record in the change log, in one atomic operation. */
  changeMerchantConfig(change: MerchantConfigChange): Promise<MerchantConfigChangeOutcome>;
  /** Newest first, the last `MERCHANT_VERSIONS_KEPT`; what was written by hand since then comes before them. */
  merchantConfigHistory(merchantId: string): Promise<readonly MerchantConfigVersion[]>;
  /** All merchants in pages of about `limit`; start with no cursor. A merchant may be met twice, never missed. */
  merchantConfigs(
    limit: number,
    cursor?: string,
  ): Promise<{ readonly items: readonly MerchantConfigText[]; readonly cursor: string | null }>;
}

/** What one replica sends to the others: a hint to look now, never the truth itself, since hints can be lost. */
export type Hint = 'tier-config-changed' | 'reconcile-requested' | 'leader-resigned';

export interface Hints {
  publish(hint: Hint): Promise<void>;
  /**
   * @param listener is also called where a hint may have been missed, for instance after an interruption
   * @returns a function that ends the subscription
   */
  subscribe(hint: Hint, listener: () => void): () => void;
}
