import { StoreUnavailableError, type FleetReader, type PodView } from '@smart-router/routing-store';
import type { Clock } from '@smart-router/scheduling';

export type Departure =
  /** The pod gets no new calls and has none: it may end. */
  | { readonly kind: 'drained' }
  | { readonly kind: 'busy'; readonly activeCalls: number; readonly isDraining: boolean }
  | { readonly kind: 'unknown-pod' };

/** A pod is looked at so often while somebody waits for it. */
const POLL_MS = 1_000;

/**
 * Tells whether a pod may end without harm to a call.
 *
 * Guarantees: `drained` is told only of a pod that drains and has neither calls nor a lease, as the store had it after the
 * question was asked; a store that cannot be asked never counts as drained.
 */
export class PodDeparture {
  constructor(
    private readonly fleet: Pick<FleetReader, 'pod'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Waits until the pod is drained, for at most `waitMs`. While it waits, a store that cannot be asked means that the
   * pod is busy.
   *
   * @param signal ends the wait early; the answer is what is known then
   * @throws StoreUnavailableError where the store cannot be asked in the end
   */
  async whenDrained(podName: string, waitMs: number, signal: AbortSignal): Promise<Departure> {
    const endsAt = this.clock.now() + waitMs;
    for (;;) {
      const restMs = endsAt - this.clock.now();
      const last = restMs <= 0 || signal.aborted;
      const departure = await this.look(podName, last);
      if (departure !== null && (last || departure.kind !== 'busy')) return departure;
      await this.clock.sleep(Math.min(POLL_MS, restMs), signal);
    }
  }

  /** @returns `null` where the store cannot be asked, unless it is the last look */
  private async look(podName: string, last: boolean): Promise<Departure | null> {
    try {
      return departureOf(await this.fleet.pod(podName));
    } catch (error) {
      if (last || !(error instanceof StoreUnavailableError)) throw error;
      return null;
    }
  }
}

function departureOf(pod: PodView | null): Departure {
  if (pod === null) return { kind: 'unknown-pod' };
  const activeCalls = pod.calls.length;
  // Where the list of calls cannot be read it seems empty; the lease of one of them tells otherwise.
  const hasCalls = activeCalls > 0 || pod.leaseCallSid !== null;
  if (pod.isDraining && !hasCalls) return { kind: 'drained' };
  return { kind: 'busy', activeCalls, isDraining: pod.isDraining };
}
