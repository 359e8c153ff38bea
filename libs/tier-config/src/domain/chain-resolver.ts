import type { PoolName } from '@smart-router/routing-store';
import { type ResolvedChain, resolveChain } from './chain';
import type { EventLogger } from '@smart-router/logging';
import { type MerchantConfig, parseMerchantConfig } from './merchant-config';
import type { TierConfigObserver } from './observer';
import { describeProblems } from './problem';
import { RecencyMap } from './recency-map';
import type { TierConfig } from './tier-config';

export interface ChainResolverOptions {
  /** Where the config comes from that is in force now. */
  readonly tierConfig: { current(): TierConfig };
  readonly logger: EventLogger;
  readonly observer: TierConfigObserver;
  /** How many merchants with a config are kept in mind; the others cost their calls a second round trip. */
  readonly maxMerchants?: number;
}

/** The chain for a call, with what the store needs to tell whether it is up to date. */
export interface MerchantChain {
  readonly chain: readonly PoolName[];
  /** The merchant's raw config that the chain was made from, `null` for none. */
  readonly knownMerchantConfig: string | null;
}

interface KnownText {
  readonly malformed: boolean;
  readonly chain: readonly PoolName[];
}

const DEFAULT_MAX_MERCHANTS = 50_000;

/**
 * Answers from memory which pools a call tries. It asks nobody: the store compares what is known here of the merchant
 * with what it holds, on the call's own round trip, and the allocator brings the difference back by `learn`.
 *
 * Work is done once per tier config and merchant text, not per call. Merchants without a config take no memory, and
 * merchants with the same text share one chain.
 */
export class ChainResolver {
  private readonly options: ChainResolverOptions;
  private readonly texts: RecencyMap<string, string>;
  private readonly merchantConfigs: RecencyMap<string, MerchantConfig | null>;
  private readonly chains: RecencyMap<string, KnownText>;
  private readonly reportedTiers: RecencyMap<string, true>;
  private tierConfig: TierConfig | null = null;
  private defaultChain: readonly PoolName[] = [];

  constructor(options: ChainResolverOptions) {
    this.options = options;
    const maxMerchants = options.maxMerchants ?? DEFAULT_MAX_MERCHANTS;
    this.texts = new RecencyMap(maxMerchants);
    this.merchantConfigs = new RecencyMap(maxMerchants);
    this.chains = new RecencyMap(maxMerchants);
    this.reportedTiers = new RecencyMap(maxMerchants);
  }

  /** @param merchantId empty for a call that names no merchant */
  chainFor(merchantId: string): MerchantChain {
    const tierConfig = this.options.tierConfig.current();
    if (tierConfig !== this.tierConfig) this.startOver(tierConfig);
    const text = this.texts.get(merchantId);
    if (text === undefined) return { chain: this.defaultChain, knownMerchantConfig: null };
    const known = this.knownText(text, tierConfig);
    if (known.malformed) this.options.observer.merchantConfigMalformed();
    return { chain: known.chain, knownMerchantConfig: text };
  }

  /** Takes in what the store holds for the merchant now; `null` for nothing. */
  learn(merchantId: string, raw: string | null): void {
    if (raw === null) this.texts.delete(merchantId);
    else this.texts.set(merchantId, raw);
  }

  private startOver(tierConfig: TierConfig): void {
    this.tierConfig = tierConfig;
    this.chains.clear();
    this.reportedTiers.clear();
    this.defaultChain = resolveChain(null, tierConfig).chain;
  }

  private knownText(text: string, tierConfig: TierConfig): KnownText {
    const known = this.chains.get(text);
    if (known !== undefined) return known;
    const merchant = this.merchantConfig(text);
    const resolved = resolveChain(merchant, tierConfig);
    this.reportUnknownTiers(resolved, tierConfig);
    const fresh = { malformed: merchant === null, chain: resolved.chain };
    this.chains.set(text, fresh);
    return fresh;
  }

  /** Outlives a change of the tier config, so that a malformed text is logged once. */
  private merchantConfig(text: string): MerchantConfig | null {
    const known = this.merchantConfigs.get(text);
    if (known !== undefined) return known;
    const parsed = parseMerchantConfig(text);
    const config = parsed.kind === 'valid' ? parsed.config : null;
    if (parsed.kind === 'malformed') {
      this.options.logger.warn(
        { text: text.slice(0, 200), problems: describeProblems(parsed.problems) },
        'merchant config is malformed; its calls take the default chain',
      );
    }
    this.merchantConfigs.set(text, config);
    return config;
  }

  private reportUnknownTiers({ unknownTiers }: ResolvedChain, { version }: TierConfig): void {
    for (const tier of unknownTiers) {
      if (this.reportedTiers.get(tier) !== undefined) continue;
      this.reportedTiers.set(tier, true);
      this.options.observer.unknownTierSkipped();
      this.options.logger.warn(
        { tier, tier_config_version: version },
        'a merchant config names a tier that does not exist; it is skipped',
      );
    }
  }
}
