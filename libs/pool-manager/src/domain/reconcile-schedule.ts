import type { PodChange } from './pod-source';

/** What the next pass is to look at. */
export type ReconcileTask =
  | { readonly kind: 'everything' }
  /** Only these pods, with what was last told of each. */
  | { readonly kind: 'pods'; readonly changes: ReadonlyMap<string, NamedChange> };

export type NamedChange = Exclude<PodChange['kind'], 'any'>;

/** A pass over everything may take so much of the time when it is wanted again and again. */
const SHARE_OF_TIME = 0.2;

/**
 * Decides whether a pass has to compare everything or may look at single pods only, so that the cost of a change
 * follows the change and not the fleet.
 *
 * Guarantees: everything is compared at first, after each interval, after a failure, and whenever somebody asks for
 * it; a change that comes while a pass runs is left to the next one.
 */
export class ReconcileSchedule {
  private changes = new Map<string, NamedChange>();
  /** When everything has to be compared, as a time of the clock; the past for at once. */
  private everythingAt = -Infinity;
  private everythingBegan = 0;
  private earliestAgain = -Infinity;

  constructor(private readonly intervalMs: number) {}

  wantEverything(): void {
    this.everythingAt = -Infinity;
  }

  note(change: PodChange): void {
    if (change.kind === 'any') this.wantEverything();
    else this.changes.set(change.podName, change.kind);
  }

  /** Takes the next task. @param now of the clock, in milliseconds */
  begin(now: number): ReconcileTask {
    const { changes } = this;
    this.changes = new Map();
    if (now < this.everythingAt && changes.size > 0) return { kind: 'pods', changes };
    this.everythingAt = Infinity;
    this.everythingBegan = now;
    return { kind: 'everything' };
  }

  /** Everything was compared. @param againAfterMs where that is wanted sooner than after the interval */
  doneWithEverything(now: number, againAfterMs = Infinity): void {
    this.everythingAt = Math.min(this.everythingAt, now + Math.min(this.intervalMs, againAfterMs));
    this.earliestAgain = now + (now - this.everythingBegan) * (1 / SHARE_OF_TIME - 1);
  }

  /** Looking at single pods has shown that everything should be compared soon. */
  wantEverythingSoon(now: number): void {
    this.everythingAt = Math.min(this.everythingAt, Math.max(now, this.earliestAgain));
  }

  failed(): void {
    this.wantEverything();
  }

  /** How long until everything has to be compared; 0 for at once. */
  everythingDueInMs(now: number): number {
    return Math.max(0, this.everythingAt - now);
  }
}
