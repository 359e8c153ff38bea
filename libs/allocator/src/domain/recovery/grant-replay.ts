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
import type { ReplayObserver } from './replay-observer';

export interface GrantReplayPorts {
  readonly store: Pick<GrantRecovery, 'reassertCall' | 'reassertRelease' | 'reassertEnd'>;
  readonly journal: GrantJournal;
  readonly observer: ReplayObserver;
  readonly logger: EventLogger;
  readonly clock: Clock;
}

/** Pods that the store does not know, and what it could not handle, are tried again for so long. */
const PATIENCE_MS = 15_000;
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
  private ends: JournaledEnd[] = [];
  private grants: ReassertCallCommand[] = [];
  /** What was, and has to be tried again. */
  private parkedEnds: JournaledEnd[] = [];
  private parked: ReassertCallCommand[] = [];
  /** What the store could not handle, while it could handle others. */
  private readonly failures = new Map<Item, unknown>();
  private untilMs = 0;

  constructor(private readonly ports: GrantReplayPorts) {}

  get isUnfinished(): boolean {
    return this.ends.length + this.grants.length + this.parkedEnds.length + this.parked.length > 0;
  }

  recall(): void {
    const { clock, journal, logger } = this.ports;
    const { ends, grants } = journal.recall(clock.now());
    this.ends = [...new Set([...ends, ...this.ends, ...this.parkedEnds])];
    this.grants = [...new Set([...grants, ...this.grants, ...this.parked])];
    this.parkedEnds = [];
    this.parked = [];
    this.failures.clear();
    this.untilMs = clock.now() + PATIENCE_MS;
    logger.warn({ grants: this.grants.length, ends: this.ends.length }, 'replaying grants and ends of calls');
  }

  confirmed(atMs: number): void {
    if (!this.isUnfinished) this.ports.journal.confirmed(atMs);
  }

  async replayEnds(signal: AbortSignal): Promise<ReplayProgress> {
    const step = this.ends.slice(0, STEP_ITEMS);
    this.parkedEnds.push(...(await this.replayEach(step, signal, Infinity, (end) => this.replayEnd(end))));
    // Only now: a step that was interrupted is repeated as a whole.
    this.ends.splice(0, step.length);
    return this.ends.length > 0 ? 'more' : 'done';
  }

  async replayGrants(signal: AbortSignal, isFinal: boolean): Promise<ReplayProgress> {
    const step = this.grants.slice(0, STEP_ITEMS);
    const replay = (grant: ReassertCallCommand): Promise<boolean> => this.replayGrant(grant, isFinal);
    this.parked.push(...(await this.replayEach(step, signal, Infinity, replay)));
    this.grants.splice(0, step.length);
    if (this.grants.length > 0) return 'more';
    if (step.length === 0) await this.tryParkedAgain(signal, replay);
    return 'done';
  }

  private async tryParkedAgain(signal: AbortSignal, replay: (grant: ReassertCallCommand) => Promise<boolean>) {
    const [ends, grants] = [this.parkedEnds, this.parked];
    this.parkedEnds = await this.replayEach(ends, signal, MAX_WAITING_PER_ROUND, (end) => this.replayEnd(end));
    this.parked = await this.replayEach(grants, signal, MAX_WAITING_PER_ROUND, replay);
    if (this.ports.clock.now() > this.untilMs) this.giveUp();
  }

  /**
   * @param maxWaiting so many that have to wait are enough to know that the others have to, too
   * @param replay resolves to whether the store has answered for good
   * @returns what has to wait, in the same order
   */
  private async replayEach<Each extends Item>(
    items: readonly Each[],
    signal: AbortSignal,
    maxWaiting: number,
    replay: (item: Each) => Promise<boolean>,
  ): Promise<Each[]> {
    const waiting = new Set<Each>();
    await forEachBounded(items, IN_FLIGHT, signal, async (item) => {
      if (waiting.size >= maxWaiting) return void waiting.add(item);
      this.failures.delete(item);
      try {
        if (!(await replay(item))) waiting.add(item);
      } catch (error) {
        if (error instanceof StoreUnavailableError) throw error;
        this.failures.set(item, error);
        waiting.add(item);
      }
    });
    return items.filter((item) => waiting.has(item));
  }

  private async replayEnd(end: JournaledEnd): Promise<true> {
    const { clock, journal, observer, store } = this.ports;
    const outcome = end.kind === 'release' ? store.reassertRelease(end) : store.reassertEnd(end.callSid);
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

  private giveUp(): void {
    const { logger, observer } = this.ports;
    for (const end of this.parkedEnds) {
      observer.endReasserted('failed');
      logger.error({ call_sid: end.callSid, err: this.failures.get(end) }, 'the end of a call could not be replayed');
    }
    for (const command of this.parked) {
      const fields = { call_sid: command.callSid, pod_name: command.grant.podName };
      const isFailed = this.failures.has(command);
      observer.grantReasserted(isFailed ? 'failed' : 'unknown-pod');
      if (isFailed) logger.error({ ...fields, err: this.failures.get(command) }, 'a grant could not be replayed');
      else logger.warn(fields, 'a lost grant names an unknown pod');
    }
    this.parkedEnds = [];
    this.parked = [];
    this.failures.clear();
  }
}
