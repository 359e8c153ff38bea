import { type JournaledEnd, keyOf } from './grant-journal';

/** A request for a pod whose outcome is unknown: its caller was answered that the store is unavailable. */
export interface UnansweredRequest {
  readonly callSid: string;
  /** See `AllocateCommand.request`. */
  readonly request: string;
  /** Before that its caller may come back. */
  readonly dueMs: number;
}

interface OutcomeLimits {
  /** No more ends, and no more requests, are kept; the oldest go first. */
  readonly maxEntries: number;
  /** A call that was to end is not tried any longer: its lease is over. */
  readonly leaseMs: number;
}

/**
 * What callers asked for and were not answered. An end is wanted all the same, and is tried until the store has answered.
 * A grant is not: its caller may have gone, so it is ended unless somebody has come back for it.
 */
export class UnknownOutcomes {
  private readonly ends = new Map<string, { readonly end: JournaledEnd; readonly sinceMs: number }>();
  private readonly requests = new Map<string, UnansweredRequest>();

  /** @param onDropped called for each end and request that is dropped, since there are too many */
  constructor(
    private readonly limits: OutcomeLimits,
    private readonly onDropped: () => void,
  ) {}

  addEnd(end: JournaledEnd, nowMs: number): void {
    const key = keyOf(end);
    this.ends.delete(key);
    this.ends.set(key, { end, sinceMs: nowMs });
    this.bound(this.ends);
  }

  addRequest(request: UnansweredRequest): void {
    this.requests.set(request.request, request);
    this.bound(this.requests);
  }

  /** All ends that are to be tried again; those whose lease is over are forgotten. */
  endsAt(nowMs: number): JournaledEnd[] {
    for (const [key, { sinceMs }] of this.ends) if (nowMs - sinceMs > this.limits.leaseMs) this.ends.delete(key);
    return [...this.ends.values()].map(({ end }) => end);
  }

  /** Requests whose callers have not come back in time. */
  requestsDue(nowMs: number): UnansweredRequest[] {
    return [...this.requests.values()].filter(({ dueMs }) => dueMs <= nowMs);
  }

  /** The store has answered, unless the same was asked for once more meanwhile. */
  endSettled(end: JournaledEnd): void {
    const key = keyOf(end);
    if (this.ends.get(key)?.end === end) this.ends.delete(key);
  }

  requestSettled({ request }: UnansweredRequest): void {
    this.requests.delete(request);
  }

  private bound(entries: Map<string, unknown>): void {
    if (entries.size <= this.limits.maxEntries) return;
    const [oldest] = entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
    this.onDropped();
  }
}
