import {
  type ChangeAction,
  type ChangeAuthor,
  type ConfigDocuments,
  dedicatedPool,
  type FleetReader,
  type MerchantConfigVersion,
} from '@smart-router/routing-store';
import { checkMerchantConfig, type MerchantConfig, type ParsedMerchantConfig } from './merchant-config';
import {
  type CurrentMerchantConfig,
  type MerchantConfigView,
  type MerchantRevision,
  readMerchantText,
  viewCurrent,
  viewMerchant,
  viewRevision,
} from './merchant-versions';
import type { ExpectedState } from './precondition';
import type { Problem } from './problem';
import type { TierConfig } from './tier-config';

/** How a change is made. */
export interface MerchantChangeOptions extends ExpectedState {
  /** Whose change it is, for the change log. */
  readonly by: ChangeAuthor;
  /** Only finds out what the change would do. */
  readonly dryRun?: boolean;
}

export type MerchantChangeOutcome =
  /** Also where it was so before: then there is no new version. `merchant` is `null` once it is removed. */
  | { readonly kind: 'changed'; readonly merchant: CurrentMerchantConfig | null }
  /** What a dry run found; nothing was stored. */
  | { readonly kind: 'planned'; readonly plan: MerchantChangePlan }
  /** Nothing was stored, as in all that follow. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'unknown-merchant' }
  | { readonly kind: 'unknown-version'; readonly version: number }
  | { readonly kind: 'version-conflict'; readonly currentVersion: number }
  | { readonly kind: 'precondition-failed'; readonly currentTag: string | null };

export interface MerchantChangePlan {
  readonly currentVersion: number;
  readonly before: MerchantConfigView;
  readonly after: MerchantConfigView;
}

interface MerchantConfigPage {
  readonly items: readonly MerchantConfigView[];
  /** Give it back for the next page; `null` at the end. */
  readonly cursor: string | null;
}

type Documents = Pick<
  ConfigDocuments,
  'readMerchantConfig' | 'changeMerchantConfig' | 'merchantConfigHistory' | 'merchantConfigs'
>;

/** The tier config that is in force here, which may be older than the one that a writer has just stored elsewhere. */
interface TierConfigInForce {
  current(): TierConfig;
  refresh(): Promise<void>;
}

const EXPORT_PAGE = 500;

/**
 * Configs of merchants, for operators. What is written here is checked strictly; what is found is shown as it is.
 * A change takes effect on the next call, since the store compares on every allocation. Every method throws
 * `StoreUnavailableError` where the store cannot be reached.
 */
export class MerchantConfigs {
  constructor(
    private readonly store: { readonly documents: Documents; readonly reader: Pick<FleetReader, 'fleetStats'> },
    private readonly tierConfig: TierConfigInForce,
  ) {}

  /** @returns `null` for a merchant without a config */
  async get(merchantId: string): Promise<CurrentMerchantConfig | null> {
    return this.viewCurrent(merchantId, await this.store.documents.readMerchantConfig(merchantId));
  }

  /** Stores the body in place of all that the merchant had. Every tier and pool that it names must exist. */
  async put(merchantId: string, body: unknown, options: MerchantChangeOptions): Promise<MerchantChangeOutcome> {
    const checked = await this.check(body);
    if (checked.kind === 'malformed') return { kind: 'invalid', problems: checked.problems };
    const stored = await this.store.documents.readMerchantConfig(merchantId);
    return this.change(merchantId, stored, textFor(checked.config, stored), 'merchant.put', options);
  }

  /** Removes the config; its versions are kept, so that it can be brought back. */
  async remove(merchantId: string, options: MerchantChangeOptions): Promise<MerchantChangeOutcome> {
    const stored = await this.store.documents.readMerchantConfig(merchantId);
    if (stored.text === null) return { kind: 'unknown-merchant' };
    return this.change(merchantId, stored, null, 'merchant.delete', options);
  }

  /** Stores an earlier version again, as a new one; what it names must exist now. */
  async rollback(
    merchantId: string,
    toVersion: number,
    options: MerchantChangeOptions,
  ): Promise<MerchantChangeOutcome> {
    const history = await this.store.documents.merchantConfigHistory(merchantId);
    const target = history.find(({ version }) => version === toVersion);
    if (target === undefined) return { kind: 'unknown-version', version: toVersion };
    const checked = target.text === null ? NOTHING_TO_RESTORE : await this.checkText(target.text);
    if (checked.kind === 'malformed') return { kind: 'invalid', problems: checked.problems };
    const stored = history[0] ?? target;
    return this.change(merchantId, stored, textFor(checked.config, stored), 'merchant.rollback', options);
  }

  /** @returns newest first, the last 20; `null` for a merchant of whom nothing is known */
  async history(merchantId: string): Promise<readonly MerchantRevision[] | null> {
    const versions = await this.store.documents.merchantConfigHistory(merchantId);
    return versions.length === 0 ? null : versions.map(viewRevision);
  }

  /** Pages of about `limit` merchants; one may be met twice, none is missed. */
  async list(request: { readonly limit: number; readonly cursor?: string }): Promise<MerchantConfigPage> {
    const page = await this.store.documents.merchantConfigs(request.limit, request.cursor);
    const tierConfig = this.tierConfig.current();
    return {
      items: page.items.map(({ merchantId, text }) => viewMerchant(merchantId, text, tierConfig)),
      cursor: page.cursor,
    };
  }

  /** All merchants, each once, by their names. One that is changed meanwhile is there as before or as after. */
  async exportAll(): Promise<readonly MerchantConfigView[]> {
    const met = new Map<string, MerchantConfigView>();
    let cursor: string | null = null;
    do {
      const page: MerchantConfigPage = await this.list({ limit: EXPORT_PAGE, ...(cursor !== null && { cursor }) });
      for (const merchant of page.items) met.set(merchant.merchantId, merchant);
      cursor = page.cursor;
    } while (cursor !== null);
    return [...met.values()].sort((a, b) => (a.merchantId < b.merchantId ? -1 : 1));
  }

  /** @param stored what was there when the change was checked */
  private async change(
    merchantId: string,
    stored: MerchantConfigVersion,
    text: string | null,
    action: ChangeAction,
    options: MerchantChangeOptions,
  ): Promise<MerchantChangeOutcome> {
    const refusal = this.refusalOf(merchantId, stored, options);
    if (refusal !== null) return refusal;
    if (options.dryRun) return { kind: 'planned', plan: this.plan(merchantId, stored, text) };
    // Only over the very state that was looked at, where the writer expects one: it holds at the moment of the write.
    const expected = isAnyExpected(options) ? stored : null;
    const note = { ...options.by, action };
    const { kind, current } = await this.store.documents.changeMerchantConfig({ merchantId, text, expected, note });
    if (kind !== 'conflict') return { kind: 'changed', merchant: this.viewCurrent(merchantId, current) };
    return (
      this.refusalOf(merchantId, current, options) ?? { kind: 'version-conflict', currentVersion: current.version }
    );
  }

  /** @returns `null` where the stored state is an expected one */
  private refusalOf(
    merchantId: string,
    stored: MerchantConfigVersion,
    { version, precondition }: ExpectedState,
  ): MerchantChangeOutcome | null {
    const tag = this.viewCurrent(merchantId, stored)?.tag ?? null;
    if (precondition?.holds(tag) === false) return { kind: 'precondition-failed', currentTag: tag };
    if (version === undefined || version === stored.version) return null;
    return { kind: 'version-conflict', currentVersion: stored.version };
  }

  private plan(merchantId: string, { version, text }: MerchantConfigVersion, after: string | null): MerchantChangePlan {
    const view = (shown: string | null) => viewMerchant(merchantId, shown, this.tierConfig.current());
    return { currentVersion: version, before: view(text), after: view(after) };
  }

  private viewCurrent(merchantId: string, stored: MerchantConfigVersion): CurrentMerchantConfig | null {
    return viewCurrent(merchantId, stored, this.tierConfig.current());
  }

  /** Fields that were written by hand and are not known are left out, as calls ignore them. */
  private async checkText(text: string): Promise<ParsedMerchantConfig> {
    const { config, malformed } = readMerchantText(text);
    return malformed === null ? this.check(config) : { kind: 'malformed', problems: malformed.problems };
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
    const { pools } = await this.store.reader.fleetStats();
    return pools.some((stats) => stats.pool === dedicatedPool(pool));
  }
}

const NOTHING_TO_RESTORE: ParsedMerchantConfig = {
  kind: 'malformed',
  problems: [{ path: 'to_version', message: 'is the removal of the config: remove it by DELETE' }],
};

function isAnyExpected({ version, precondition }: ExpectedState): boolean {
  return version !== undefined || precondition !== undefined;
}

/** The stored text where it says the same already, so that it makes no new version. */
function textFor(config: MerchantConfig, stored: MerchantConfigVersion): string {
  const text = JSON.stringify(config);
  const said = readMerchantText(stored.text).config;
  return stored.text !== null && said !== null && JSON.stringify(said) === text ? stored.text : text;
}
