import {
  type GrantRecovery,
  type RecoveryParticipant,
  type ReplayProgress,
  StoreUnavailableError,
} from '@smart-router/routing-store';
import { type Clock, forEachBounded } from '@smart-router/scheduling';
import type { EventLogger } from '@smart-router/logging';
import type { GrantJournal, JournaledEnd } from './grant-journal';
import type { ReplayObserver } from '../observer';
import type { UnansweredRequest, UnknownOutcomes } from './unknown-outcomes';

interface OutcomeSettlerPorts {
  readonly store: Pick<GrantRecovery, 'reassertRelease' | 'reassertEnd' | 'abandonGrant'>;
  readonly outcomes: UnknownOutcomes;
  readonly journal: GrantJournal;
  readonly observer: ReplayObserver;
  readonly logger: EventLogger;
  readonly clock: Clock;
}

const IN_FLIGHT = 16;

/**
 * Carries out the ends of calls that were not answered, and ends the grants that were not answered and that nobody came
 * back for, until the store has answered. Both name the grant that they mean, so that a call which came back meanwhile
 * keeps its pod.
 */
export class OutcomeSettler implements RecoveryParticipant {
  /** Items whose failure was logged: they are tried again and again. */
  private readonly logged = new WeakSet<object>();

  constructor(private readonly ports: OutcomeSettlerPorts) {}

  get isUnfinished(): boolean {
    const { clock, outcomes } = this.ports;
    return outcomes.endsAt(clock.now()).length + outcomes.requestsDue(clock.now()).length > 0;
  }

  recall(): void {
    // What is not decided yet is tried again in any case.
  }

  confirmed(): void {
    // Only an answer settles it.
  }

  /** Ends that are not acknowledged to their callers are ends all the same. */
  async replayEnds(signal: AbortSignal): Promise<ReplayProgress> {
    const { clock, outcomes } = this.ports;
    await this.settleEach(outcomes.endsAt(clock.now()), signal, (end) => this.settleEnd(end));
    return 'done';
  }

  async replayGrants(signal: AbortSignal, isFinal: boolean): Promise<ReplayProgress> {
    const { clock, outcomes } = this.ports;
    await this.replayEnds(signal);
    if (isFinal) {
      await this.settleEach(outcomes.requestsDue(clock.now()), signal, (request) => this.settleRequest(request));
    }
    return 'done';
  }

  private async settleEach<Item extends JournaledEnd | UnansweredRequest>(
    items: readonly Item[],
    signal: AbortSignal,
    settle: (item: Item) => Promise<void>,
  ): Promise<void> {
    await forEachBounded(items, IN_FLIGHT, signal, async (item) => {
      try {
        await settle(item);
      } catch (error) {
        if (error instanceof StoreUnavailableError) throw error;
        if (this.logged.has(item)) return;
        this.logged.add(item);
        this.ports.logger.error(
          { call_sid: item.callSid, err: error },
          'an unanswered request could not be settled yet',
        );
      }
    });
  }

  private async settleEnd(end: JournaledEnd): Promise<void> {
    const { clock, journal, observer, outcomes, store } = this.ports;
    const settled =
      end.kind === 'release' ? store.reassertRelease({ ...end, isUnanswered: true }) : store.reassertEnd(end);
    const { kind } = await settled;
    observer.endReasserted(kind);
    outcomes.endSettled(end);
    if (kind !== 'kept') journal.ended(end, clock.now());
  }

  private async settleRequest(request: UnansweredRequest): Promise<void> {
    const { clock, journal, logger, observer, outcomes, store } = this.ports;
    const { callSid } = request;
    const outcome = await store.abandonGrant(request);
    outcomes.requestSettled(request);
    const upToNumber = outcome.kind === 'abandoned' ? outcome.grantNumber : outcome.endedUpToNumber;
    if (upToNumber !== undefined) journal.ended({ kind: 'release', callSid, upToNumber }, clock.now());
    if (outcome.kind === 'claimed') return;
    observer.grantAbandoned();
    logger.warn({ call_sid: callSid }, 'a grant was ended whose caller was not answered and did not come back');
  }
}
