import type { ChangeAuthor, Hints } from '@smart-router/routing-store';
import type { EventLogger } from '@smart-router/logging';
import { backOffMs, type BackOffPolicy, type Clock, PeriodicLoop, type RunResult } from '@smart-router/scheduling';
import type { ConfigDivergence } from './config-divergence';
import type { ConfigRejection, TierConfigObserver } from './observer';
import { type ParsedTierConfig, parseTierConfig, type ValidTierConfig } from './parse-tier-config';
import type { ExpectedState } from './precondition';
import { describeProblems } from './problem';
import type { TierConfig } from './tier-config';
import { serialiseTierConfig } from './tier-config-envelope';
import { TierConfigReport } from './tier-config-report';
import {
  type ReplaceTierConfigOutcome,
  type RollbackTierConfigOutcome,
  type TierConfigDocuments,
  type TierConfigRevision,
  TierConfigRevisions,
} from './tier-config-revisions';

interface TierConfigServiceOptions {
  readonly store: { readonly documents: TierConfigDocuments; readonly hints: Pick<Hints, 'subscribe'> };
  /** What the environment says: in force until the store has been read, and stored where the store has nothing. */
  readonly initial: TierConfig;
  /** Whether `initial` was set by an operator, and is not just the built-in tiers. */
  readonly isInitialGiven: boolean;
  /** Time between two looks at the store, in milliseconds. */
  readonly refreshMs: number;
  readonly clock: Clock;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly logger: EventLogger;
  readonly observer: TierConfigObserver;
}

/** The waits between two looks until the first config of the store is there. */
const BACK_OFF: BackOffPolicy = { firstMs: 500, maxMs: 5_000, jitter: 'none' };

/**
 * The tier config that is in force in this process.
 *
 * Invariants: readers always see one whole, valid config. It follows the store at the latest after `refreshMs`, and at
 * once after a change through the API of any replica. A text that is no valid config, a deleted key or a store that
 * cannot be reached never takes a config out of force: the last good one stays until the store has a good one again.
 *
 * A process that starts while the stored text is not valid takes the newest readable version of the history for the
 * last good config. Without one it serves the environment's, which `adopted` does not give: other replicas may hold a
 * better one.
 */
export class TierConfigService {
  private readonly options: TierConfigServiceOptions;
  private readonly revisions: TierConfigRevisions;
  private readonly report: TierConfigReport;
  private readonly loop: PeriodicLoop;
  private readonly listeners = new Set<(config: TierConfig) => void>();
  private config: TierConfig;
  /** What `config` was read from; `null` as long as it is the environment's. */
  private text: string | null = null;
  private looksInVain = 0;
  private unsubscribe: () => void = () => undefined;

  constructor(options: TierConfigServiceOptions) {
    this.options = options;
    this.config = options.initial;
    this.revisions = new TierConfigRevisions(options.store.documents, options.now);
    this.report = new TierConfigReport(
      options.logger,
      options.observer,
      options.isInitialGiven ? options.initial : null,
    );
    this.loop = new PeriodicLoop(() => this.look(), {
      intervalMs: options.refreshMs,
      backOff: BACK_OFF,
      clock: options.clock,
      random: () => 0,
      // A look reports its failures itself.
      onFailure: () => undefined,
    });
  }

  /**
   * Stores the initial config, if the store has none, or takes over what the store has; then keeps up with the store.
   * Does not fail where the store cannot be reached: the initial config is in force meanwhile.
   */
  async start(): Promise<void> {
    this.options.observer.configAdopted(this.config.version);
    this.unsubscribe = this.options.store.hints.subscribe('tier-config-changed', () => void this.refresh());
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

  /**
   * The config in force, once it is one of the store's. The environment's is good enough to route calls, but not to
   * rebuild pools that another config may have made.
   *
   * @returns `null` as long as the environment's is in force
   */
  adopted(): TierConfig | null {
    return this.text === null ? null : this.config;
  }

  /** How this process differs from the store, and the store from the environment. */
  divergence(): ConfigDivergence {
    return this.report.divergence;
  }

  /**
   * Stores the config in force again where the store has none any more, so that a process that starts now does not
   * store its environment's instead. The leader's business: several replicas might hold different ones.
   *
   * @returns whether it was stored @throws StoreUnavailableError; whether it was stored is then unknown
   */
  async restore(): Promise<boolean> {
    const { version } = this.config;
    const restored = this.text !== null && (await this.revisions.restore(this.text, version));
    if (restored) this.report.restored(version);
    return restored;
  }

  /** Looks at the store now. Does not fail: what goes wrong is logged and counted. */
  refresh(): Promise<void> {
    return this.loop.runNow();
  }

  /** Calls the listener with every config that comes into force from now on. @returns a function that ends it */
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
   * @param expected what the writer had seen
   * @param by whose change it is, for the change log
   * @throws StoreUnavailableError; whether it was stored is then unknown
   */
  async replace(body: unknown, expected: ExpectedState, by: ChangeAuthor): Promise<ReplaceTierConfigOutcome> {
    const outcome = await this.revisions.replace(body, expected, this.config, by);
    if (outcome.kind === 'replaced') await this.putInForce(outcome.config);
    return outcome;
  }

  /** Stores a version of the history again, as a new version. Parameters and errors as for `replace`. */
  async rollback(toVersion: number, expected: ExpectedState, by: ChangeAuthor): Promise<RollbackTierConfigOutcome> {
    const outcome = await this.revisions.rollback(toVersion, expected, this.config, by);
    if (outcome.kind === 'replaced') await this.putInForce(outcome.config);
    return outcome;
  }

  /** What `rollback` would store; `null` for a version that the history does not hold. @throws StoreUnavailableError */
  async checkRollback(toVersion: number): Promise<ParsedTierConfig | null> {
    const text = await this.revisions.textOf(toVersion);
    return text === null ? null : this.check(text);
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

  private async look(): Promise<RunResult> {
    await this.readOnce();
    return this.text === null ? { againAfterMs: backOffMs(BACK_OFF, this.looksInVain, 0) } : {};
  }

  private async readOnce(): Promise<void> {
    const before = this.config;
    try {
      const text = await this.readText();
      // What was read may be older than what `replace` put in force meanwhile.
      if (before !== this.config) return await this.readOnce();
      this.takeOver(text);
      if (this.text === null) await this.fallBackOnHistory();
    } catch (error) {
      this.reject('unavailable', `unavailable: ${String(error)}`, { err: error });
    }
    if (this.text === null) this.looksInVain += 1;
  }

  /** A text that is missing is stored only by a process that has never had one: else it was deleted. */
  private async readText(): Promise<string | null> {
    const { text, lastVersion } = await this.options.store.documents.readTierConfig();
    const seeds = text === null && this.text === null;
    return seeds ? this.revisions.seed(this.options.initial, lastVersion) : text;
  }

  private takeOver(text: string | null): void {
    if (text === null) return this.reject('missing', 'missing', {});
    if (text === this.text) return this.report.agreed();
    const parsed = parseTierConfig(text, { strict: false });
    if (parsed.kind === 'invalid') {
      return this.reject('invalid', `invalid: ${text}`, { problems: describeProblems(parsed.problems) });
    }
    this.report.agreed();
    this.adopt(text, parsed);
  }

  private async fallBackOnHistory(): Promise<void> {
    const lastGood = await this.revisions.newestReadable();
    // `replace` may have put one in force meanwhile.
    if (lastGood === null || this.text !== null) return;
    this.report.takenFromHistory(lastGood.parsed.config.version);
    this.adopt(lastGood.text, lastGood.parsed);
  }

  private adopt(text: string, parsed: ValidTierConfig): void {
    this.text = text;
    this.config = parsed.config;
    this.report.inForce(parsed);
    for (const listener of this.listeners) this.notify(listener, parsed.config);
  }

  private notify(listener: (config: TierConfig) => void, config: TierConfig): void {
    try {
      listener(config);
    } catch (error) {
      this.report.listenerFailed(error);
    }
  }

  private reject(reason: ConfigRejection, cause: string, fields: Readonly<Record<string, unknown>>): void {
    const inForce = this.text === null ? 'environment' : 'store';
    this.report.rejected(reason, cause, { in_force: inForce, tier_config_version: this.config.version, ...fields });
  }
}
