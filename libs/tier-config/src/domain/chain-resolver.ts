import type { PoolName } from '@smart-router/routing-store';
import { type ResolvedChain, resolveChain } from './chain';
import type { EventLogger } from '@smart-router/logging';
import { type MerchantConfig, parseMerchantConfig } from './merchant-config';
import type { TierConfigObserver } from './observer';
import { describeProblems } from './problem';
import { RecencyMap } from './recency-map';
import type { TierConfig } from './tier-config';

interface ChainResolverOptions {
  /** Where the config comes from that is in force now. */
  readonly tierConfig: { current(): TierConfig };
  readonly logger: EventLogger;
  readonly observer: TierConfigObserver;
  /**
   * How many merchants with a config are kept in mind at least, those of the latest calls; the others cost their calls
   * a second round trip.
   */
  readonly keptMerchants?: number;
}

/** The chain for a call, with what the store needs to see whether it is up to date. */
interface MerchantChain {
  readonly chain: readonly PoolName[];
  /** The merchant's raw config that the chain was made from, `null` for none. */
  readonly knownMerchantConfig: string | null;
}

interface KnownText {
  /** The one copy for all merchants that have it. */
  readonly text: string;
  readonly malformed: boolean;
  readonly chain: readonly PoolName[];
}

/** A merchant takes about 150 bytes besides its text, which those with the same text share. */
const DEFAULT_KEPT_MERCHANTS = 200_000;

/** Different texts of merchants that are kept parsed; the others are parsed again, which needs no round trip. */
const KEPT_TEXTS = 25_000;

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
    this.texts = new RecencyMap(options.keptMerchants ?? DEFAULT_KEPT_MERCHANTS);
    this.merchantConfigs = new RecencyMap(KEPT_TEXTS);
    this.chains = new RecencyMap(KEPT_TEXTS);
    this.reportedTiers = new RecencyMap(KEPT_TEXTS);
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
    else this.texts.set(merchantId, this.chains.get(raw)?.text ?? raw);
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
    const fresh = { text, malformed: merchant === null, chain: resolved.chain };
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
