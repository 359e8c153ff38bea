import type { RecoveryParticipant, ReplayProgress } from '@smart-router/routing-store';
import type { Clock } from '@smart-router/scheduling';
import type { LeaderController } from './leader-controller';

/** A source of pods that cannot be read must not hold calls on the pods that are known. */
const PATIENCE_MS = 10_000;

/**
 * The leader's part in the recovery of a store that may have lost data: which pods there are, and which of them were
 * restarted, must be in the store before anybody reclaims one.
 */
export class PodReplay implements RecoveryParticipant {
  readonly isUnfinished = false;
  private resync: { readonly request: number; readonly untilMs: number } | null = null;

  constructor(
    private readonly work: Pick<LeaderController, 'isLeader' | 'requestResync' | 'isResynced'>,
    private readonly clock: Clock,
  ) {}

  recall(): void {
    this.resync = this.work.isLeader()
      ? { request: this.work.requestResync(), untilMs: this.clock.now() + PATIENCE_MS }
      : null;
  }

  confirmed(): void {
    // Pods are read from their source, so that nothing has to be remembered.
  }

  async replayEnds(): Promise<ReplayProgress> {
    const { clock, resync, work } = this;
    const isDue = resync !== null && work.isLeader() && !work.isResynced(resync.request);
    return isDue && clock.now() < resync.untilMs ? 'waiting' : 'done';
  }

  async replayGrants(): Promise<ReplayProgress> {
    return 'done';
  }
}
