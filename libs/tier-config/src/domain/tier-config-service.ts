import type { Hints } from '@smart-router/routing-store';
import type { EventLogger } from '@smart-router/logging';
import type { ConfigRejection, TierConfigObserver } from './observer';
import { type ParsedTierConfig, parseTierConfig } from './parse-tier-config';
import { describeProblems } from './problem';
import { RefreshLoop } from './refresh-loop';
import type { TierConfig } from './tier-config';
import { serialiseTierConfig } from './tier-config-envelope';
import {
  type ReplaceTierConfigOutcome,
  type RollbackTierConfigOutcome,
  type TierConfigDocuments,
  type TierConfigRevision,
  TierConfigRevisions,
} from './tier-config-revisions';
import type { Timers } from './timers';

export interface TierConfigServiceOptions {
  readonly store: TierConfigDocuments & Pick<Hints, 'subscribe'>;
  /** What the environment says: in force until the store has been read, and stored where the store has nothing. */
  readonly initial: TierConfig;
  /** Time between two looks at the store, in milliseconds. */
  readonly refreshMs: number;
  readonly timers: Timers;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly logger: EventLogger;
  readonly observer: TierConfigObserver;
}

/**
 * The tier config that is in force in this process.
 *
 * Invariants: readers always see one whole, valid config. It follows the store at the latest after `refreshMs`, and at
 * once after a change through the API of any replica. A text that is no valid config, a deleted key or a store that
 * cannot be reached never takes a config out of force: the last good one stays until the store has a good one again.
 */
export class TierConfigService {
  private readonly options: TierConfigServiceOptions;
  private readonly revisions: TierConfigRevisions;
  private readonly loop: RefreshLoop;
  private readonly listeners = new Set<(config: TierConfig) => void>();
  private config: TierConfig;
  /** What `config` was read from; `null` as long as it is the environment's. */
  private text: string | null = null;
  /** Whether the store had a text once, so that a deleted one is not mistaken for the first start. */
  private bootstrapped = false;
  /** Why the last look was in vain, so that each cause is logged once. */
  private rejectedCause: string | null = null;
  private unsubscribe: () => void = () => undefined;

  constructor(options: TierConfigServiceOptions) {
    this.options = options;
    this.config = options.initial;
    this.revisions = new TierConfigRevisions(options.store, options.now);
    this.loop = new RefreshLoop(() => this.readOnce(), options.refreshMs, options.timers);
  }

  /**
   * Stores the initial config, if the store has none, or takes over what the store has; then keeps up with the store.
   * Does not fail where the store cannot be reached: the initial config is in force meanwhile.
   */
  async start(): Promise<void> {
    this.options.observer.configAdopted(this.config.version);
    this.unsubscribe = this.options.store.subscribe('tier-config-changed', () => void this.refresh());
    await this.loop.start();
  }

  /** @returns once no read is under way and none will follow */
  async stop(): Promise<void> {
    this.unsubscribe();
    await this.loop.stop();
  }

  /** The whole config in force; a change makes a new object. */
  current(): TierConfig {
    return this.config;
  }

  /** Looks at the store now. Does not fail: what goes wrong is logged and counted. */
  refresh(): Promise<void> {
    return this.loop.runNow();
  }

  /** Tells of every config that comes into force from now on. @returns a function that ends it */
  onChange(listener: (config: TierConfig) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What `replace` would make of the body, but for the version; stores nothing. */
  check(body: unknown): ParsedTierConfig {
    return parseTierConfig(body, { strict: true });
  }

  /**
   * Stores a new config and puts it in force, here at once, on the other replicas as soon as they hear of it.
   *
   * @param body a config in one of the three shapes, as text or as a value parsed from JSON
   * @param expectedVersion the version that the writer had seen
   * @throws StoreUnavailableError; whether it was stored is then unknown
   */
  async replace(body: unknown, expectedVersion: number): Promise<ReplaceTierConfigOutcome> {
    const outcome = await this.revisions.replace(body, expectedVersion, this.config);
    if (outcome.kind === 'replaced') await this.putInForce(outcome.config);
    return outcome;
  }

  /** Stores a version of the history again, as a new version. Parameters and errors as for `replace`. */
  async rollback(toVersion: number, expectedVersion: number): Promise<RollbackTierConfigOutcome> {
    const outcome = await this.revisions.rollback(toVersion, expectedVersion, this.config);
    if (outcome.kind === 'replaced') await this.putInForce(outcome.config);
    return outcome;
  }

  /** @returns the configs stored by `replace` and `rollback`, newest first, the last 50 @throws StoreUnavailableError */
  history(): Promise<readonly TierConfigRevision[]> {
    return this.revisions.history();
  }

  /** A refresh may have met an even newer version before the answer to this one's write arrived. */
  private async putInForce(stored: TierConfig): Promise<void> {
    if (stored.version > this.config.version) this.takeOver(serialiseTierConfig(stored));
    else await this.refresh();
  }

  private async readOnce(): Promise<void> {
    const before = this.config;
    try {
      const text = await this.readText();
      // What was read may be older than what `replace` put in force meanwhile.
      if (before !== this.config) return await this.readOnce();
      this.takeOver(text);
    } catch (error) {
      this.reject('unavailable', `unavailable: ${String(error)}`, { err: error });
    }
  }

  private async readText(): Promise<string | null> {
    const { text, lastVersion } = await this.options.store.readTierConfig();
    const seeds = text === null && !this.bootstrapped;
    const stored = seeds ? await this.revisions.seed(this.options.initial, lastVersion) : text;
    this.bootstrapped = true;
    return stored;
  }

  private takeOver(text: string | null): void {
    if (text === null) return this.reject('missing', 'missing', {});
    if (text === this.text) {
      this.rejectedCause = null;
      return;
    }
    const parsed = parseTierConfig(text, { strict: false });
    if (parsed.kind === 'invalid') {
      return this.reject('invalid', `invalid: ${text}`, { problems: describeProblems(parsed.problems) });
    }
    this.rejectedCause = null;
    this.text = text;
    this.config = parsed.config;
    this.announce(parsed);
  }

  private announce({ config, warnings }: Extract<ParsedTierConfig, { kind: 'valid' }>): void {
    const { logger, observer } = this.options;
    const { version, updatedAt, defaultChain } = config;
    observer.configAdopted(version);
    const tiers = [...config.tiers.keys()];
    const inForce = { tier_config_version: version, updated_at: updatedAt, tiers, default_chain: defaultChain };
    logger.info(inForce, 'tier config is in force');
    if (warnings.length > 0) {
      logger.warn(
        { tier_config_version: version, problems: describeProblems(warnings) },
        'parts of the tier config are ignored',
      );
    }
    for (const listener of this.listeners) this.tell(listener, config);
  }

  private tell(listener: (config: TierConfig) => void, config: TierConfig): void {
    try {
      listener(config);
    } catch (error) {
      this.options.logger.error({ err: error }, 'a listener failed to take over the tier config');
    }
  }

  private reject(reason: ConfigRejection, cause: string, fields: Readonly<Record<string, unknown>>): void {
    const { logger, observer } = this.options;
    observer.configRejected(reason);
    if (cause === this.rejectedCause) return;
    this.rejectedCause = cause;
    const version = this.config.version;
    logger.warn(
      { reason, tier_config_version: version, ...fields },
      'tier config not read from the store; the last good one stays in force',
    );
  }
}
