import type { EventLogger } from '@smart-router/logging';
import {
  type GrantRecovery,
  type ReassertCallCommand,
  type ReassertCallOutcome,
  type RecoveryParticipant,
  type ReplayProgress,
  StoreUnavailableError,
} from '@smart-router/routing-store';
import { type Clock, forEachBounded } from '@smart-router/scheduling';
import type { GrantJournal, JournaledEnd } from './grant-journal';
import type { ReplayObserver } from '../observer';

interface GrantReplayPorts {
  readonly store: Pick<GrantRecovery, 'reassertCall' | 'reassertRelease' | 'reassertEnd'>;
  readonly journal: GrantJournal;
  readonly observer: ReplayObserver;
  readonly logger: EventLogger;
  readonly clock: Clock;
}

/** For this time pods that the store does not know, and what it could not handle, are tried again. */
const PATIENCE_MS = 15_000;
/** For this time calls are held for unknown pods: they may be gone for good. */
const PODS_PATIENCE_MS = 5_000;
const IN_FLIGHT = 64;
/** A step must end well before the store takes this process for dead. */
const STEP_ITEMS = 1_000;
/** Of those that were tried before. */
const MAX_WAITING_PER_ROUND = 100;

type Item = JournaledEnd | ReassertCallCommand;

/**
 * Replays to the store what this process has acknowledged, after the store may have lost it.
 *
 * Guarantees: what was journaled is replayed until the store has answered, each end before any grant. A grant whose pod is
 * full is tried again as long as calls are held, since another process may still replay an end. What the store cannot
 * handle holds nothing else up: it is tried for a while, then logged and counted.
 */
export class GrantReplay implements RecoveryParticipant {
  /** What was not replayed since the loss. */
  private ends = new Set<JournaledEnd>();
  private grants = new Set<ReassertCallCommand>();
  /** What was, and has to be tried again. */
  private parkedEnds = new Set<JournaledEnd>();
  private parked = new Set<ReassertCallCommand>();
  /** Those of them whose pod the store does not know. */
  private readonly unknownPods = new Set<ReassertCallCommand>();
  private podsUntilMs = 0;
  /** What the store could not handle, while it could handle others. */
  private readonly failures = new Map<Item, unknown>();
  private untilMs = 0;

  constructor(private readonly ports: GrantReplayPorts) {}

  get isUnfinished(): boolean {
    return this.ends.size + this.grants.size + this.parkedEnds.size + this.parked.size > 0;
  }

  recall(): void {
    const { clock, journal, logger } = this.ports;
    const { ends, grants } = journal.recall(clock.now());
    this.ends = merged(ends, [...this.ends, ...this.parkedEnds]);
    this.grants = merged(grants, [...this.grants, ...this.parked]);
    this.parkedEnds.clear();
    this.parked.clear();
    this.unknownPods.clear();
    this.failures.clear();
    this.untilMs = clock.now() + PATIENCE_MS;
    this.podsUntilMs = clock.now() + PODS_PATIENCE_MS;
    logger.warn({ grants: this.grants.size, ends: this.ends.size }, 'replaying grants and ends of calls');
  }

  confirmed(atMs: number): void {
    if (!this.isUnfinished) this.ports.journal.confirmed(atMs);
  }

  async replayEnds(signal: AbortSignal): Promise<ReplayProgress> {
    await this.replayStep(this.ends, this.parkedEnds, signal, (end) => this.replayEnd(end));
    return this.ends.size > 0 ? 'more' : 'done';
  }

  async replayGrants(signal: AbortSignal, isFinal: boolean): Promise<ReplayProgress> {
    const replay = (grant: ReassertCallCommand): Promise<boolean> => this.replayGrant(grant, isFinal);
    if (this.grants.size > 0) await this.replayStep(this.grants, this.parked, signal, replay);
    else await this.tryParkedAgain(signal, replay, isFinal);
    if (this.grants.size > 0) return 'more';
    const { clock } = this.ports;
    // The pods may be registered anew at any moment, and would be given away.
    const isWaiting = !isFinal && this.unknownPods.size > 0 && clock.now() <= this.podsUntilMs;
    return isWaiting ? 'waiting' : 'done';
  }

  private async tryParkedAgain(
    signal: AbortSignal,
    replay: (grant: ReassertCallCommand) => Promise<boolean>,
    isFinal: boolean,
  ): Promise<void> {
    const rounds = { ends: [...this.parkedEnds], grants: [...this.parked] };
    await this.replayEach(rounds.ends, signal, MAX_WAITING_PER_ROUND, async (end) => {
      if (await this.replayEnd(end)) this.parkedEnds.delete(end);
    });
    await this.replayEach(rounds.grants, signal, MAX_WAITING_PER_ROUND, async (grant) => {
      if (await replay(grant)) this.parked.delete(grant);
    });
    if (this.ports.clock.now() > this.untilMs) this.giveUp(isFinal);
  }

  /** Takes each item out as soon as the store has answered: a step that is interrupted keeps what it has done. */
  private async replayStep<Each extends Item>(
    from: Set<Each>,
    parked: Set<Each>,
    signal: AbortSignal,
    replay: (item: Each) => Promise<boolean>,
  ): Promise<void> {
    const step = [...from].slice(0, STEP_ITEMS);
    await this.replayEach(step, signal, Infinity, async (item) => {
      const isDone = await replay(item);
      from.delete(item);
      if (!isDone) parked.add(item);
    });
    for (const item of step) {
      if (from.delete(item)) parked.add(item);
    }
  }

  /** @param maxFailing so many that fail are enough to know that the others do, too */
  private async replayEach<Each extends Item>(
    items: readonly Each[],
    signal: AbortSignal,
    maxFailing: number,
    replay: (item: Each) => Promise<void>,
  ): Promise<void> {
    let failing = 0;
    await forEachBounded(items, IN_FLIGHT, signal, async (item) => {
      if (failing >= maxFailing) return;
      this.failures.delete(item);
      try {
        await replay(item);
      } catch (error) {
        if (error instanceof StoreUnavailableError) throw error;
        this.failures.set(item, error);
        failing += 1;
      }
    });
  }

  private async replayEnd(end: JournaledEnd): Promise<true> {
    const { clock, journal, observer, store } = this.ports;
    const outcome = end.kind === 'release' ? store.reassertRelease(end) : store.reassertEnd(end);
    observer.endReasserted((await outcome).kind);
    // The store knows it since now, and another loss may begin later.
    journal.replayedEnd(end, clock.now());
    return true;
  }

  /** @returns whether the store has answered for good */
  private async replayGrant(command: ReassertCallCommand, isFinal: boolean): Promise<boolean> {
    const { clock, journal, logger, observer, store } = this.ports;
    const { callSid, grant } = command;
    const outcome = await store.reassertCall(command);
    if (outcome.kind === 'unknown-pod') this.unknownPods.add(command);
    else this.unknownPods.delete(command);
    if (outcome.kind === 'unknown-pod' || (outcome.kind === 'conflict' && !isFinal)) return false;
    observer.grantReasserted(outcome.kind);
    if (outcome.kind === 'kept' || outcome.kind === 'restored') {
      // As with ends: the store knows it since now.
      journal.granted(command, clock.now());
      if (outcome.kind === 'restored')
        logger.info({ call_sid: callSid, pod_name: grant.podName }, 'a lost grant was restored');
      return true;
    }
    journal.forgetGrant(callSid, grant.number);
    this.logLoss(command, outcome);
    return true;
  }

  private logLoss({ callSid, grant }: ReassertCallCommand, outcome: ReassertCallOutcome): void {
    const { logger } = this.ports;
    const fields = { call_sid: callSid, pod_name: grant.podName };
    if (outcome.kind === 'conflict') logger.error({ ...fields, calls: outcome.calls }, 'double grant after data loss');
    if (outcome.kind === 'superseded') {
      logger.warn({ ...fields, other_pod: outcome.podName }, 'a call got a second pod after data loss');
    }
  }

  /** What is in the way of a conflict may go away as long as calls are held. */
  private giveUp(isFinal: boolean): void {
    const { logger, observer } = this.ports;
    for (const end of this.parkedEnds) {
      observer.endReasserted('failed');
      logger.error({ call_sid: end.callSid, err: this.failures.get(end) }, 'the end of a call could not be replayed');
    }
    for (const command of this.parked) {
      const isFailed = this.failures.has(command);
      if (!isFailed && !this.unknownPods.has(command) && !isFinal) continue;
      const fields = { call_sid: command.callSid, pod_name: command.grant.podName };
      observer.grantReasserted(isFailed ? 'failed' : 'unknown-pod');
      if (isFailed) logger.error({ ...fields, err: this.failures.get(command) }, 'a grant could not be replayed');
      else logger.warn(fields, 'a lost grant names an unknown pod');
      this.parked.delete(command);
      this.unknownPods.delete(command);
    }
    this.parkedEnds.clear();
    this.failures.clear();
  }
}

/** @param left of what was recalled before: not the same objects, but the same entries where they are recalled again */
function merged<Each extends Item>(recalled: readonly Each[], left: readonly Each[]): Set<Each> {
  if (left.length === 0) return new Set(recalled);
  return new Set(new Map([...recalled, ...left].map((item) => [JSON.stringify(item), item])).values());
}
