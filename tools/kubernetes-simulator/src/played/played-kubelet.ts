import type { Pod } from '../objects/kubernetes-object';
import { PODS } from '../objects/resource-kind';
import type { Change, RevisionStore } from '../storage/revision-store';
import type { PlayedPods } from './played-pods';

/** Starts pods that somebody else creates: a while after its creation a pod is ready, with an address. */
export class PlayedKubelet {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly unsubscribe: () => void;

  constructor(
    store: RevisionStore,
    private readonly podsOf: (namespace: string) => PlayedPods,
    private readonly startsAfterMs: number,
  ) {
    this.unsubscribe = store.subscribe(PODS, (change) => this.notice(change));
  }

  stop(): void {
    this.unsubscribe();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private notice({ type, object }: Change): void {
    if (type !== 'ADDED') return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.start(object as Pod);
    }, this.startsAfterMs);
    this.timers.add(timer.unref());
  }

  private async start({ metadata }: Pod): Promise<void> {
    const pods = this.podsOf(metadata.namespace ?? '');
    if (!(await pods.exists(metadata.name))) return;
    const pod = await pods.get(metadata.name);
    const isWaiting = pod.metadata.uid === metadata.uid && pod.status.phase === 'Pending';
    if (isWaiting && pod.metadata.deletionTimestamp === undefined) await pods.start(metadata.name);
  }
}
