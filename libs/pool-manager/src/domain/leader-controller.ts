import { StaleEpochError, type RoutingStore } from '@smart-router/routing-store';
import type { TierConfigService } from '@smart-router/tier-config';
import { desiredPools } from './desired-pools';
import { ReconcilerState } from './reconciler-state';
import type { Leadership, Term } from '@smart-router/leader-election';
import { taskLoop, type LeaderTask } from './leader-task';
import { LeaseSweeper } from './lease-sweeper';
import { type BackOffPolicy, PeriodicLoop, type RunResult } from '@smart-router/scheduling';
import type { PodChange } from './pod-source';
import { PoolSizeReport } from './pool-size-report';
import { ReconcileWorker } from './reconcile-worker';
import { Reconciler, type ReconcilerPorts } from './reconciler';
import { fence } from './fence';
import { WaitingMoves } from './waiting-moves';
import { WorkFailures } from './work-failures';

export interface LeaderControllerPorts extends ReconcilerPorts {
  readonly store: ReconcilerPorts['store'] & Pick<RoutingStore, 'hints' | 'recovery'>;
  readonly leadership: Leadership;
  readonly tierConfig: ReconcilerPorts['tierConfig'] & Pick<TierConfigService, 'onChange'>;
  /** What else is done while this process leads. */
  readonly tasks: readonly LeaderTask[];
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

interface LeaderControllerOptions {
  readonly reconcileIntervalMs: number;
  readonly cleanupIntervalMs: number;
  /** How long calls are kept whose lease is suspect. */
  readonly massExpiryHoldMs: number;
  /** How long `start` waits for the first resync. */
  readonly firstResyncTimeoutMs: number;
}

const BACK_OFF: BackOffPolicy = { firstMs: 500, maxMs: 10_000, jitter: 'half' };
/** Keeps a storm of hints from causing work without a break. */
const MIN_GAP_MS = 200;

/** A pod that waits for the end of its call moves at most that long after it; a look costs one read of the counts of the pools. */
const MOVES_INTERVAL_MS = 1_000;

const NEVER = new AbortController().signal;

/**
 * The work that only the leader does: reconciling, sweeping, and what else it is given. It runs while this process
 * leads, and never otherwise.
 *
 * Guarantees: all work of a term ends when the term does, and leadership is handed over after it has ended; a failure
 * of one kind of work stops no other; a refused epoch ends the term.
 */
export class LeaderController {
  private readonly memory: ReconcilerState;
  private readonly failures: WorkFailures;
  private term: Term | null = null;
  /** How often a resync was asked for, and how many of these requests are fulfilled. */
  private readonly resyncs = { requested: 0, done: 0 };
  private triggerResync: () => void = () => undefined;
  private runs = 0;
  private readonly sizes: PoolSizeReport;
  /** From `start` to `stop`; `null` before and after. */
  private current: { readonly stopping: AbortController; readonly firstResync: AbortController } | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: LeaderControllerPorts,
    private readonly options: LeaderControllerOptions,
  ) {
    this.memory = new ReconcilerState(ports.clock.now());
    this.failures = new WorkFailures(ports.logger);
    this.sizes = new PoolSizeReport(ports.logger);
  }

  /** Whether this process leads at this moment. */
  isLeader(): boolean {
    return this.term !== null && !this.term.signal.aborted;
  }

  /** Of the term of this process; `null` while it does not lead. */
  epoch(): number | null {
    return this.isLeader() ? (this.term?.epoch ?? null) : null;
  }

  /** Who holds the lease, as this process saw it last; `null` for no holder, or where leadership needs no lease. */
  holder(): string | null {
    return this.ports.leadership.holder();
  }

  /** Asks for a resync. @returns a number for `isResynced` */
  requestResync(): number {
    this.resyncs.requested += 1;
    this.triggerResync();
    return this.resyncs.requested;
  }

  /** Whether a resync was completed since that request. */
  isResynced(request: number): boolean {
    return this.resyncs.done >= request;
  }

  /** Why the pods in force may not be those that their source names now; `null` where nothing is wrong. */
  podSourceProblem(): string | null {
    return this.ports.source.problem();
  }

  /** @throws LeaseOverrunError where the work of a term continues although its time is long over */
  check(): void {
    this.ports.leadership.check();
  }

  /**
   * Begins to lead as soon as leadership allows, and all work of a run before has ended. It may be called again after
   * `stop`: this process then competes anew, for another term.
   * @param signal ends the wait early; the work continues until `stop`
   * @returns when the first resync is over, well or not, or it is known that others lead, or `firstResyncTimeoutMs` is
   * over; never rejects
   */
  async start(signal: AbortSignal = NEVER): Promise<void> {
    const { firstResync } = (this.current ??= this.begin());
    const enough = AbortSignal.any([firstResync.signal, signal]);
    await this.ports.clock.sleep(this.options.firstResyncTimeoutMs, enough);
  }

  /** @returns when all work has ended and leadership is handed over; safe to repeat, and without `start` */
  async stop(): Promise<void> {
    this.current?.stopping.abort();
    this.current = null;
    await this.running;
  }

  private begin(): NonNullable<LeaderController['current']> {
    const [stopping, firstResync] = [new AbortController(), new AbortController()];
    this.running = this.running.then(() => this.run(stopping.signal, () => firstResync.abort()));
    return { stopping, firstResync };
  }

  private async run(stopping: AbortSignal, onFirstResync: () => void): Promise<void> {
    try {
      const lead = (term: Term): Promise<void> => this.lead(term, onFirstResync);
      await this.ports.leadership.run(lead, stopping, onFirstResync);
    } catch (error) {
      this.ports.logger.error({ err: error }, 'leading failed for good, this process has stopped leading');
    } finally {
      onFirstResync();
    }
  }

  private async lead(term: Term, onFirstResync: () => void): Promise<void> {
    const fields = { epoch: term.epoch, identity: term.identity };
    this.ports.logger.info(fields, 'leading');
    this.enter(term);
    const worker = this.reconcileWorker(term);
    const reconcile = this.reconcileLoop(term, worker, onFirstResync);
    const resync = (isFresh: boolean): void => {
      worker.requestResync(isFresh);
      void reconcile.runNow();
    };
    this.triggerResync = () => resync(true);
    const unsubscribe = this.subscribe(term, resync);
    const onChange = (change: PodChange): void => {
      worker.note(change);
      void reconcile.runNow();
    };
    await Promise.all([
      // First, since a resync waits for the first list of the source.
      this.observeSource(onChange, term.signal),
      reconcile.run(term.signal),
      this.sweepLoop(term).run(term.signal),
      this.waitingMovesLoop(term, worker, () => void reconcile.runNow()).run(term.signal),
      ...this.ports.tasks.map((task) => taskLoop(task, this.ports).run(term.signal)),
    ]);
    unsubscribe();
    this.ports.logger.info(fields, 'stopped leading');
  }

  /** The process counts as leader until the term ends, not until the last of its work has. */
  private enter(term: Term): void {
    this.term = term;
    this.ports.observer.leading(term.epoch);
    term.signal.addEventListener('abort', () => this.ports.observer.leading(null), { once: true });
  }

  private async observeSource(onChange: (change: PodChange) => void, signal: AbortSignal): Promise<void> {
    try {
      await this.ports.source.observe(onChange, signal);
    } catch (error) {
      this.ports.logger.error({ err: error }, 'changes of the pod source are seen by the periodic resync only');
    }
  }

  private subscribe(term: Term, resync: (isFresh: boolean) => void): () => void {
    const { store, tierConfig } = this.ports;
    const ends = [
      store.hints.subscribe('reconcile-requested', () => resync(true)),
      tierConfig.onChange(() => resync(false)),
      term.onDataLoss(() => resync(true)),
      // A store that comes back may be an older one, which still has the announcement of this term.
      store.recovery.onReconnect(() => resync(true)),
    ];
    return () => ends.forEach((end) => end());
  }

  private reconcileWorker(term: Term): ReconcileWorker {
    const { clock, random } = this.ports;
    const reconciler = new Reconciler(this.portsOf(term), term.epoch, this.memory);
    return new ReconcileWorker(reconciler, { intervalMs: this.options.reconcileIntervalMs, clock, random });
  }

  private reconcileLoop(term: Term, worker: ReconcileWorker, onFirstResync: () => void): PeriodicLoop {
    const job = async (signal: AbortSignal): Promise<RunResult> => {
      const { requested } = this.resyncs;
      try {
        const result = await worker.run(signal);
        if (result.isResync) this.resyncs.done = requested;
        return result;
      } finally {
        this.runs++;
        onFirstResync();
      }
    };
    return this.loop(term, 'reconcile', this.options.reconcileIntervalMs, job);
  }

  private sweepLoop(term: Term): PeriodicLoop {
    const { massExpiryHoldMs } = this.options;
    const sweeper = new LeaseSweeper(this.portsOf(term), { epoch: term.epoch, massExpiryHoldMs });
    return this.loop(term, 'cleanup', this.options.cleanupIntervalMs, (signal) => sweeper.sweep(signal));
  }

  /** The end of a call is not reported to the leader: it looks at the counts of the pools. */
  private waitingMovesLoop(term: Term, worker: ReconcileWorker, trigger: () => void): PeriodicLoop {
    const waitingMoves = new WaitingMoves();
    return this.loop(term, 'moves', MOVES_INTERVAL_MS, async () => {
      const config = this.ports.tierConfig.adopted();
      if (config === null) return;
      const { pools } = await this.ports.store.reader.fleetStats();
      if (this.runs > 0) this.sizes.see(config, pools);
      if (!waitingMoves.see(pools, desiredPools(config))) return;
      worker.requestResyncSoon();
      trigger();
    });
  }

  private portsOf(term: Term): LeaderControllerPorts {
    const { store } = this.ports;
    const writes = { pods: fence(store.pods, term), drains: fence(store.drains, term) };
    return { ...this.ports, store: { ...writes, reader: store.reader, hints: store.hints, recovery: store.recovery } };
  }

  private loop(term: Term, work: string, intervalMs: number, job: (signal: AbortSignal) => Promise<RunResult | void>) {
    const { clock, random } = this.ports;
    const onFailure = (error: unknown, failuresInARow: number): void => {
      if (error instanceof StaleEpochError) term.end(error);
      else this.failures.failed(work, error, failuresInARow);
    };
    const reportedJob = async (signal: AbortSignal): Promise<RunResult | void> => {
      const result = await job(signal);
      this.failures.succeeded(work);
      return result;
    };
    return new PeriodicLoop(reportedJob, {
      intervalMs,
      minGapMs: MIN_GAP_MS,
      backOff: BACK_OFF,
      clock,
      random,
      onFailure,
    });
  }
}
