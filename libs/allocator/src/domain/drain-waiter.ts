import { StoreUnavailableError, type FleetReader, type PodView } from '@smart-router/routing-store';
import type { Clock } from '@smart-router/scheduling';

export type Departure =
  /** The pod gets no new calls and has none: it may end. */
  | { readonly kind: 'drained' }
  | { readonly kind: 'busy'; readonly activeCalls: number; readonly isDraining: boolean }
  | { readonly kind: 'unknown-pod' }
  /** So many wait already that this one was not let in: nothing was asked of the store. */
  | { readonly kind: 'too-many-waiters' };

/** A pod is looked at so often while somebody waits for it. */
const POLL_MS = 1_000;

/** Each waiter holds a connection and some memory. One hook per pod that ends needs one. */
const MAX_WAITERS = 1_000;

/** What a look at a pod found; where the store could not be asked, its error. */
type Found = { readonly departure: Departure } | { readonly departure: null; readonly error: StoreUnavailableError };

/**
 * Finds out whether a pod may end without harm to a call.
 *
 * Guarantees: `drained` is the answer only for a pod that drains and has neither calls nor a lease, as the store had it
 * after the question was asked; a store that cannot be asked never counts as drained. However many wait for a pod, one
 * poll in each second serves them all, and those who come together share their first look.
 */
export class DrainWaiter {
  private readonly pods = new Map<string, PodLooks>();
  private waiters = 0;

  constructor(
    private readonly fleet: Pick<FleetReader, 'pod'>,
    private readonly clock: Clock,
    private readonly maxWaiters: number = MAX_WAITERS,
  ) {}

  /**
   * Waits until the pod is drained, for at most `waitMs`. While it waits, a store that cannot be asked means that the
   * pod is busy.
   *
   * @param signal ends the wait early; the answer is what is known then
   * @throws StoreUnavailableError where the store could not be asked in the end
   */
  async whenDrained(podName: string, waitMs: number, signal: AbortSignal): Promise<Departure> {
    const waiters = waitMs > 0 ? 1 : 0;
    if (waiters > 0 && this.waiters >= this.maxWaiters) return { kind: 'too-many-waiters' };
    const looks = this.pods.get(podName) ?? new PodLooks(() => this.find(podName), this.clock);
    this.pods.set(podName, looks);
    this.waiters += waiters;
    looks.users += 1;
    try {
      return await this.wait(looks, this.clock.now() + waitMs, signal);
    } finally {
      this.waiters -= waiters;
      looks.users -= 1;
      if (looks.users === 0) this.pods.delete(podName);
    }
  }

  private async wait(looks: PodLooks, endsAt: number, signal: AbortSignal): Promise<Departure> {
    let found = await looks.next();
    for (;;) {
      if (found.departure !== null && found.departure.kind !== 'busy') return found.departure;
      const restMs = endsAt - this.clock.now();
      const polled = restMs > 0 && !signal.aborted ? await looks.pollWithin(restMs, signal) : null;
      if (polled === null) return departureIn(found);
      found = polled;
    }
  }

  private async find(podName: string): Promise<Found> {
    try {
      return { departure: departureOf(await this.fleet.pod(podName)) };
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      return { departure: null, error };
    }
  }
}

/** The looks at one pod, shared by all who ask about it. */
class PodLooks {
  users = 0;
  private underWay: Promise<Found> | null = null;
  private queued: Promise<Found> | null = null;
  private poll: { readonly found: Promise<Found | null>; readonly cancel: AbortController } | null = null;
  private polling = 0;

  constructor(
    private readonly find: () => Promise<Found>,
    private readonly clock: Clock,
  ) {}

  /** @returns what is found by a look that begins after this call; looks never overlap */
  next(): Promise<Found> {
    if (this.underWay === null) return this.begin();
    const begin = (): Promise<Found> => this.begin();
    this.queued ??= this.underWay.then(begin, begin);
    return this.queued;
  }

  /** @returns what the next poll finds; `null` where the time is over, or the signal is aborted, before that */
  async pollWithin(ms: number, signal: AbortSignal): Promise<Found | null> {
    const decided = new AbortController();
    const over = this.clock.sleep(ms, AbortSignal.any([signal, decided.signal]));
    const { found, cancel } = (this.poll ??= this.beginPoll());
    this.polling += 1;
    try {
      return await Promise.race([found, over.then(() => null)]);
    } finally {
      decided.abort();
      this.polling -= 1;
      // Nobody waits for it any more.
      if (this.polling === 0) cancel.abort();
    }
  }

  private begin(): Promise<Found> {
    this.queued = null;
    this.underWay = this.find().finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  private beginPoll(): NonNullable<PodLooks['poll']> {
    const cancel = new AbortController();
    const look = async (): Promise<Found | null> => {
      await this.clock.sleep(POLL_MS, cancel.signal);
      this.poll = null;
      return cancel.signal.aborted ? null : this.next();
    };
    return { found: look(), cancel };
  }
}

/** @throws StoreUnavailableError where the store could not be asked */
function departureIn(found: Found): Departure {
  if (found.departure === null) throw found.error;
  return found.departure;
}

function departureOf(pod: PodView | null): Departure {
  if (pod === null) return { kind: 'unknown-pod' };
  const activeCalls = pod.calls.length;
  // Where the list of calls cannot be read it seems empty; the lease of one of them shows otherwise.
  const hasCalls = activeCalls > 0 || pod.leaseCallSid !== null;
  if (pod.isDraining && !hasCalls) return { kind: 'drained' };
  return { kind: 'busy', activeCalls, isDraining: pod.isDraining };
}
