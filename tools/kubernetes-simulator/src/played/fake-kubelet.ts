import type { Pod } from '../objects/kubernetes-object';
import { PODS } from '../objects/resource-kind';
import type { Change, RevisionStore } from '../storage/revision-store';
import type { FakePods } from './fake-pods';

/**
 * Scheduler and kubelet for pods that somebody else creates: a while after its creation a pod is bound to a node and
 * ready, with an address.
 */
export class FakeKubelet {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly store: RevisionStore,
    private readonly podsOf: (namespace: string) => FakePods,
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
    const namespace = metadata.namespace ?? '';
    const pod = this.store.get(PODS, namespace, metadata.name) as Pod | undefined;
    const isWaiting = pod?.metadata.uid === metadata.uid && pod.status.phase === 'Pending';
    if (!isWaiting || pod.metadata.deletionTimestamp !== undefined) return;
    const nodeName = pod.spec.nodeName ?? 'node-1';
    this.store.put(PODS, { ...pod, spec: { ...pod.spec, nodeName } });
    await this.podsOf(namespace).start(metadata.name);
  }
}
