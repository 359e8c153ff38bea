import { PodSourceUnavailableError, type ObservedPod, type PodChange, type PodSource } from '../domain/pod-source';

/** A source whose pods a test sets. */
export class FakePodSource implements PodSource {
  available = true;
  private pods: readonly ObservedPod[] = [];
  private readonly listeners = new Set<(change: PodChange) => void>();
  /** How often the whole list was asked for. */
  lists = 0;
  /** How often it was a fresh one. */
  freshLists = 0;

  /** From now on there are these pods; no observer is informed. */
  set(...pods: readonly (string | ObservedPod)[]): void {
    this.pods = pods.map((pod) => (typeof pod === 'string' ? observedPod(pod) : pod));
  }

  /** Informs the observers that these pods may have changed, or that any may have. */
  hint(...changes: readonly PodChange[]): void {
    for (const change of changes.length > 0 ? changes : [{ kind: 'any' } as const]) {
      for (const listener of this.listeners) listener(change);
    }
  }

  recall(podName: string): ObservedPod | null {
    return this.pods.find((pod) => pod.podName === podName) ?? null;
  }

  problem(): string | null {
    return this.available ? null : 'away';
  }

  async list(_signal: AbortSignal, { isFresh = false } = {}): Promise<readonly ObservedPod[]> {
    this.lists++;
    if (isFresh) this.freshLists++;
    if (!this.available) throw new PodSourceUnavailableError('a test', new Error('away'));
    return this.pods;
  }

  async observe(onChange: (change: PodChange) => void, signal: AbortSignal): Promise<void> {
    this.listeners.add(onChange);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.listeners.delete(onChange);
  }
}

export function observedPod(podName: string, facts: Partial<ObservedPod> = {}): ObservedPod {
  return { podName, incarnation: 'life-1', ready: true, terminating: false, ...facts };
}

/** `pod-1` to `pod-<count>`. */
export function podNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `pod-${index + 1}`);
}
