import type { PodChange } from './pod-source';

/** What is to be reconciled next. */
export type ReconcileTask =
  | { readonly kind: 'resync' }
  /** Only these pods, with what was last reported of each. */
  | { readonly kind: 'pods'; readonly changes: ReadonlyMap<string, NamedChange> };

export type NamedChange = Exclude<PodChange['kind'], 'any'>;

/** Resyncs take at most this share of the time when they are wanted again and again. */
const SHARE_OF_TIME = 0.2;

/**
 * Decides whether a resync is due or single pods are to be reconciled, so that the cost of a change
 * follows the change and not the fleet.
 *
 * Guarantees: a resync comes first, after each interval, after a failure, and whenever it is asked for; a change that
 * comes during a run is left to the next one.
 */
export class ReconcileSchedule {
  private changes = new Map<string, NamedChange>();
  /** When the next resync is due, as a time of the clock; the past for at once. */
  private resyncAt = -Infinity;
  private resyncBegan = 0;
  private earliestAgain = -Infinity;

  constructor(private readonly intervalMs: number) {}

  wantResync(): void {
    this.resyncAt = -Infinity;
  }

  note(change: PodChange): void {
    if (change.kind === 'any') this.wantResync();
    else this.changes.set(change.podName, change.kind);
  }

  /** Takes the next task. @param now of the clock, in milliseconds */
  begin(now: number): ReconcileTask {
    const { changes } = this;
    this.changes = new Map();
    if (now < this.resyncAt && changes.size > 0) return { kind: 'pods', changes };
    this.resyncAt = Infinity;
    this.resyncBegan = now;
    return { kind: 'resync' };
  }

  /** A resync is over. @param againAfterMs where that is wanted sooner than after the interval */
  resynced(now: number, againAfterMs = Infinity): void {
    this.resyncAt = Math.min(this.resyncAt, now + Math.min(this.intervalMs, againAfterMs));
    this.earliestAgain = now + (now - this.resyncBegan) * (1 / SHARE_OF_TIME - 1);
  }

  /** Reconciling single pods has shown that a resync is wanted soon. */
  wantResyncSoon(now: number): void {
    this.resyncAt = Math.min(this.resyncAt, Math.max(now, this.earliestAgain));
  }

  failed(): void {
    this.wantResync();
  }

  /** How long until the next resync is due; 0 for at once. */
  resyncDueInMs(now: number): number {
    return Math.max(0, this.resyncAt - now);
  }
}
