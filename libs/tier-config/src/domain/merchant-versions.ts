import { isoTime, type MerchantConfigVersion, type PoolName } from '@smart-router/routing-store';
import { resolveChain } from './chain';
import { type MerchantConfig, parseMerchantConfig } from './merchant-config';
import { stateTag } from './precondition';
import type { Problem } from './problem';
import type { TierConfig } from './tier-config';

/** What the text of a merchant's config says. */
interface MerchantText {
  /** `null` where the text cannot be read, and where there is none. */
  readonly config: MerchantConfig | null;
  /** What is wrong with a text that cannot be read; `null` where it can. */
  readonly malformed: { readonly text: string; readonly problems: readonly Problem[] } | null;
}

/** A merchant's config as the store holds it. */
export interface MerchantConfigView extends MerchantText {
  readonly merchantId: string;
  /** The pools that the merchant's calls try now, in order. */
  readonly effectiveChain: readonly PoolName[];
}

interface VersionOfConfig {
  readonly version: number;
  /** ISO 8601; `null` for what was written by hand. */
  readonly updatedAt: string | null;
}

/** The config that a merchant has now. */
export interface CurrentMerchantConfig extends MerchantConfigView, VersionOfConfig {
  /** Another one for every state that a reader can distinguish from this one. */
  readonly tag: string;
}

/** A config that a merchant had once. */
export interface MerchantRevision extends MerchantText, VersionOfConfig {
  /** Whether this version is that the merchant had none. */
  readonly removed: boolean;
}

export function readMerchantText(text: string | null): MerchantText {
  if (text === null) return { config: null, malformed: null };
  const parsed = parseMerchantConfig(text);
  return parsed.kind === 'valid'
    ? { config: parsed.config, malformed: null }
    : { config: null, malformed: { text, problems: parsed.problems } };
}

/** @param text `null` for a merchant without a config */
export function viewMerchant(merchantId: string, text: string | null, tierConfig: TierConfig): MerchantConfigView {
  const read = readMerchantText(text);
  return { merchantId, ...read, effectiveChain: resolveChain(read.config, tierConfig).chain };
}

/** @returns `null` for a merchant without a config */
export function viewCurrent(
  merchantId: string,
  stored: MerchantConfigVersion,
  tierConfig: TierConfig,
): CurrentMerchantConfig | null {
  if (stored.text === null) return null;
  const view = viewMerchant(merchantId, stored.text, tierConfig);
  const updatedAt = isoTime(stored.storedAtMs);
  const tag = stateTag(stored.version, merchantId, stored.text, updatedAt ?? '', ...view.effectiveChain);
  return { ...view, version: stored.version, updatedAt, tag };
}

export function viewRevision({ version, text, storedAtMs }: MerchantConfigVersion): MerchantRevision {
  return { version, updatedAt: isoTime(storedAtMs), removed: text === null, ...readMerchantText(text) };
}
