import type { EventLogger } from '@smart-router/logging';
import {
  type CallLedger,
  type Grant,
  type GrantRecovery,
  type ReassertCallCommand,
  type ReassertCallOutcome,
  StoreUnavailableError,
} from '@smart-router/routing-store';
import { type Clock, forEachBounded, PeriodicLoop, type RunResult } from '@smart-router/scheduling';
import type { GrantMemory, RememberedEnd } from './grant-memory';
import type { ReassertionObserver } from './reassertion-observer';

export interface GrantReassertionPorts {
  readonly store: GrantRecovery & Pick<CallLedger, 'endCall'>;
  readonly memory: GrantMemory;
  readonly observer: ReassertionObserver;
  readonly logger: EventLogger;
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** A flushed store is noticed after so long; a connection that comes back makes it look at once. */
const LOOK_INTERVAL_MS = 1_000;
/** Short: while the store is away a look costs nothing, and calls wait for the first one after that. */
const BACK_OFF = { firstMs: 100, maxMs: 250 };
/** After the data was lost, the leader registers the pods anew; it sets aside keys that stand in the way, too. */
const RETRY_MS = 250;
const PATIENCE_MS = 15_000;
const IN_FLIGHT = 64;
/** So many that have to wait in one pass are enough to know that the others have to, too. */
const MAX_WAITING_PER_PASS = 100;
/** The longest that an operation waits for what is told first. */
const LONGEST_WAIT_MS = 500;

interface Unfinished {
  ends: RememberedEnd[];
  grants: ReassertCallCommand[];
  /** Until then, pods that the store does not know are waited for, and what it could not handle is tried again. */
  untilMs: number;
  /** What the store could not handle, while it could handle others. */
  readonly failures: Map<RememberedEnd | ReassertCallCommand, unknown>;
  /** By call: grants that the store had lost, too, so that they were given before the loss. */
  readonly restored: Map<string, Grant>;
}

const NOTHING: Unfinished = { ends: [], grants: [], untilMs: 0, failures: new Map(), restored: new Map() };

/**
 * Tells the store again what this replica has acknowledged, whenever the store may have lost it.
 *
 * Guarantees: after a change of the era everything that is remembered is told, ends before grants, each until the store
 * has answered; what this replica asks for then comes after it, or after half a second. One pass at a time. What the
 * store cannot handle holds nothing else up: it is tried for a while, then logged and counted.
 * Not guaranteed: that no other replica grants a lost grant's pod before; the store holds new grants back for a moment
 * to make that unlikely, and what happens all the same is logged and counted as a double grant.
 */
export class GrantReassertion {
  private era: string | null = null;
  private unfinished: Unfinished = NOTHING;
  private doubt: AbortController | null = null;
  /** From `start` to `stop`; `null` before and after. */
  private stopping: AbortController | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly ports: GrantReassertionPorts) {}

  /** Looks from now on, until `stop`, after which it may be called again. @returns at once */
  start(): void {
    if (this.stopping) return;
    const { signal } = (this.stopping = new AbortController());
    const { clock, logger, random, store } = this.ports;
    const loop = new PeriodicLoop(() => this.look(signal), {
      intervalMs: LOOK_INTERVAL_MS,
      backOff: BACK_OFF,
      clock,
      random,
      onFailure: (error, failuresInARow) => {
        if (failuresInARow === 1) logger.warn({ err: error }, 'the era of the store cannot be told');
      },
    });
    const end = store.onReconnect(() => {
      this.beginDoubt();
      loop.trigger();
    });
    // Nobody was told of a loss while it was stopped.
    if (this.era !== null) this.beginDoubt();
    this.running = this.running.then(() => loop.run(signal)).finally(end);
  }

  /** Safe to repeat, and without `start`. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    this.stopping = null;
    await this.running;
  }

  /** Resolves when the store may be asked about calls; at once, but for a moment after the connection came back. */
  async settled(): Promise<void> {
    if (this.doubt) await this.ports.clock.sleep(LONGEST_WAIT_MS, this.doubt.signal);
  }

  private beginDoubt(): void {
    this.doubt?.abort();
    this.doubt = new AbortController();
  }

  private async look(signal: AbortSignal): Promise<RunResult> {
    const { clock, memory, store } = this.ports;
    const askedAtMs = clock.now();
    // A connection that comes back meanwhile is another doubt, which this look may know nothing of.
    const { doubt } = this;
    const era = await store.observeEra(this.era);
    if (this.era !== null && era !== this.era) this.recall(era);
    else if (era === this.era && this.unfinished === NOTHING) memory.contact(askedAtMs);
    this.era = era;
    await this.tell(signal);
    if (doubt && doubt === this.doubt) this.doubt = null;
    doubt?.abort();
    return this.unfinished === NOTHING ? {} : { againAfterMs: RETRY_MS };
  }

  private recall(era: string): void {
    const { clock, logger, memory, observer } = this.ports;
    const { ends, grants } = memory.recall(clock.now());
    this.unfinished = {
      ends: [...new Set([...ends, ...this.unfinished.ends])],
      grants: [...new Set([...grants, ...this.unfinished.grants])],
      untilMs: clock.now() + PATIENCE_MS,
      failures: new Map(),
      restored: new Map(this.unfinished.restored),
    };
    observer.eraChanged();
    logger.warn({ era, grants: grants.length, ends: ends.length }, 'the store may have lost data, telling it again');
  }

  private async tell(signal: AbortSignal): Promise<void> {
    const { ends, grants, untilMs } = this.unfinished;
    if (this.unfinished === NOTHING) return;
    this.unfinished.ends = await this.tellEach(ends, signal, (end) => this.tellEnd(end));
    this.unfinished.grants = await this.tellEach(grants, signal, (grant) => this.tellGrant(grant));
    if (this.unfinished.ends.length + this.unfinished.grants.length === 0) this.unfinished = NOTHING;
    else if (this.ports.clock.now() > untilMs) this.giveUp(this.unfinished);
  }

  /**
   * @param tell resolves to whether the store has answered for good
   * @returns what has to wait, in the same order
   */
  private async tellEach<Item extends RememberedEnd | ReassertCallCommand>(
    items: readonly Item[],
    signal: AbortSignal,
    tell: (item: Item) => Promise<boolean>,
  ): Promise<Item[]> {
    const { failures } = this.unfinished;
    const waiting = new Set<Item>();
    await forEachBounded(items, IN_FLIGHT, signal, async (item) => {
      if (waiting.size >= MAX_WAITING_PER_PASS) return void waiting.add(item);
      failures.delete(item);
      try {
        if (!(await tell(item))) waiting.add(item);
      } catch (error) {
        if (error instanceof StoreUnavailableError) throw error;
        failures.set(item, error);
        waiting.add(item);
      }
    });
    return items.filter((item) => waiting.has(item));
  }

  private async tellEnd(end: RememberedEnd): Promise<true> {
    const { observer, store } = this.ports;
    if (end.kind === 'release') observer.endReasserted((await store.reassertRelease(end)).kind);
    else observer.endReasserted((await store.endCall(end.callSid)).kind === 'released' ? 'released' : 'noted');
    return true;
  }

  /** @returns whether the store has answered for good */
  private async tellGrant(command: ReassertCallCommand): Promise<boolean> {
    const { logger, memory, observer, store } = this.ports;
    const { callSid, grant } = command;
    const outcome = this.judge(await store.reassertCall(command), grant);
    if (outcome.kind === 'unknown-pod') return false;
    observer.grantReasserted(outcome.kind);
    if (outcome.kind === 'kept') return true;
    const fields = { call_sid: callSid, pod_name: grant.podName };
    if (outcome.kind === 'restored') {
      this.unfinished.restored.set(callSid, grant);
      logger.info(fields, 'a lost grant was restored');
      return true;
    }
    memory.forgetGrant(callSid, grant.number);
    if (outcome.kind === 'conflict') logger.error({ ...fields, calls: outcome.calls }, 'double grant after data loss');
    if (outcome.kind === 'superseded') {
      logger.warn({ ...fields, other_pod: outcome.podName }, 'a call got a second pod after data loss');
    }
    return true;
  }

  /**
   * Where all calls on the pod were given it later and lost as well, this one had ended by then, in a way that only the
   * store knew of. A call that was not lost may have been given the pod after the loss, and so may one with a lower
   * number, as the counter is set back with the rest: those are double grants, whoever gave them.
   */
  private judge(outcome: ReassertCallOutcome, grant: Grant): ReassertCallOutcome {
    if (outcome.kind !== 'conflict') return outcome;
    const cameLater = outcome.calls.every((callSid) => {
      const other = this.unfinished.restored.get(callSid);
      return other?.podName === grant.podName && other.number > grant.number;
    });
    return cameLater ? { kind: 'ended' } : outcome;
  }

  private giveUp({ ends, failures, grants }: Unfinished): void {
    const { logger, observer } = this.ports;
    this.unfinished = NOTHING;
    for (const end of ends) {
      observer.endReasserted('failed');
      logger.error({ call_sid: end.callSid, err: failures.get(end) }, 'the end of a call could not be told again');
    }
    for (const command of grants) {
      const fields = { call_sid: command.callSid, pod_name: command.grant.podName };
      const isFailed = failures.has(command);
      observer.grantReasserted(isFailed ? 'failed' : 'unknown-pod');
      if (isFailed) logger.error({ ...fields, err: failures.get(command) }, 'a grant could not be told again');
      else logger.warn(fields, 'a lost grant names an unknown pod');
    }
  }
}
