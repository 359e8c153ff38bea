import { type ConfigDocuments, dedicatedPool, type FleetReader, type PoolName } from '@smart-router/routing-store';
import { resolveChain } from './chain';
import {
  checkMerchantConfig,
  type MerchantConfig,
  type ParsedMerchantConfig,
  parseMerchantConfig,
} from './merchant-config';
import type { Problem } from './problem';
import type { TierConfig } from './tier-config';

/** A merchant's config as the store holds it. */
export interface MerchantConfigView {
  readonly merchantId: string;
  /** `null` where the text cannot be read. */
  readonly config: MerchantConfig | null;
  /** What is wrong with a text that cannot be read; `null` where it can. */
  readonly malformed: { readonly text: string; readonly problems: readonly Problem[] } | null;
  /** The pools that the merchant's calls try now, in order. */
  readonly effectiveChain: readonly PoolName[];
}

export type PutMerchantConfigOutcome =
  | { readonly kind: 'stored'; readonly merchant: MerchantConfigView }
  /** Nothing was stored. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

export interface MerchantConfigPage {
  readonly items: readonly MerchantConfigView[];
  /** Give it back for the next page; `null` at the end. */
  readonly cursor: string | null;
}

type Documents = Pick<
  ConfigDocuments,
  'readMerchantConfig' | 'writeMerchantConfig' | 'deleteMerchantConfig' | 'merchantConfigs'
>;

/** The tier config that is in force here, which may be older than the one that a writer has just stored elsewhere. */
interface TierConfigInForce {
  current(): TierConfig;
  refresh(): Promise<void>;
}

/**
 * Configs of merchants, for operators. What is written here is checked strictly; what is found is shown as it is.
 * A change takes effect on the next call, since the store compares on every allocation. Every method throws
 * `StoreUnavailableError` where the store cannot be reached.
 */
export class MerchantConfigs {
  constructor(
    private readonly store: Documents & Pick<FleetReader, 'fleetStats'>,
    private readonly tierConfig: TierConfigInForce,
  ) {}

  /** @returns `null` for a merchant without a config */
  async get(merchantId: string): Promise<MerchantConfigView | null> {
    const text = await this.store.readMerchantConfig(merchantId);
    return text === null ? null : this.view(merchantId, text);
  }

  /** Stores the body in place of all that the merchant had. Every tier and pool that it names must exist. */
  async put(merchantId: string, body: unknown): Promise<PutMerchantConfigOutcome> {
    const checked = await this.check(body);
    if (checked.kind === 'malformed') return { kind: 'invalid', problems: checked.problems };
    const text = JSON.stringify(checked.config);
    await this.store.writeMerchantConfig(merchantId, text);
    return { kind: 'stored', merchant: this.view(merchantId, text) };
  }

  /** @returns whether there was one */
  remove(merchantId: string): Promise<boolean> {
    return this.store.deleteMerchantConfig(merchantId);
  }

  /** Pages of about `limit` merchants; one may be met twice, none is missed. */
  async list(request: { readonly limit: number; readonly cursor?: string }): Promise<MerchantConfigPage> {
    const page = await this.store.merchantConfigs(request.limit, request.cursor);
    return { items: page.items.map(({ merchantId, text }) => this.view(merchantId, text)), cursor: page.cursor };
  }

  private async check(body: unknown): Promise<ParsedMerchantConfig> {
    const known = checkMerchantConfig(body, this.tierConfig.current());
    if (known.kind === 'valid' && this.names(known.config)) return known;
    await this.tierConfig.refresh();
    const checked = checkMerchantConfig(body, this.tierConfig.current());
    if (checked.kind === 'malformed' || this.names(checked.config) || (await this.hasPool(checked.config)))
      return checked;
    const message = `names no pool: ${JSON.stringify(checked.config.pool)} is neither in dedicated_pools nor has pods`;
    return { kind: 'malformed', problems: [{ path: 'pool', message }] };
  }

  /** Whether the tier config knows the merchant's own pool; a merchant without one names none that is missing. */
  private names({ pool }: MerchantConfig): boolean {
    return pool === undefined || this.tierConfig.current().dedicatedPools.has(pool);
  }

  /** A pool that the tier config does not size exists as long as it has pods or calls. */
  private async hasPool({ pool = '' }: MerchantConfig): Promise<boolean> {
    const { pools } = await this.store.fleetStats();
    return pools.some((stats) => stats.pool === dedicatedPool(pool));
  }

  private view(merchantId: string, text: string): MerchantConfigView {
    const parsed = parseMerchantConfig(text);
    const config = parsed.kind === 'valid' ? parsed.config : null;
    return {
      merchantId,
      config,
      malformed: parsed.kind === 'malformed' ? { text, problems: parsed.problems } : null,
      effectiveChain: resolveChain(config, this.tierConfig.current()).chain,
    };
  }
}
