import type { LeaderObserver } from '../domain/leader-observer';

/** Keeps what was reported as short texts, such as `corrected removed 1`; a number that stays is kept once. */
export class RecordingObserver implements LeaderObserver {
  readonly events: string[] = [];
  private heldBack = 0;

  leading(epoch: number | null): void {
    this.events.push(`leading ${epoch}`);
  }

  reconciled(outcome: string, durationMs: number): void {
    this.events.push(`reconciled ${outcome} ${durationMs}`);
  }

  corrected(action: string, count: number): void {
    this.events.push(`corrected ${action} ${count}`);
  }

  callsEnded(reason: string, count: number): void {
    this.events.push(`ended ${reason} ${count}`);
  }

  callsHeldBack(count: number): void {
    if (count !== this.heldBack) this.events.push(`held back ${count}`);
    this.heldBack = count;
  }
}
