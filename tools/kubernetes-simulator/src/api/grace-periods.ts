import type { KubernetesObject } from '../objects/kubernetes-object';
import { PODS } from '../objects/resource-kind';
import type { RevisionStore } from '../storage/revision-store';
import type { ObjectRemover } from './object-remover';

/** What a kubelet does at the end of a pod: removes it when its grace period is over. */
export class GracePeriods {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /** @param hasKubelet `false`: a terminating pod stays until somebody removes it by force */
  constructor(
    private readonly store: RevisionStore,
    private readonly hasKubelet: boolean,
  ) {}

  /** A second deletion that shortens the period replaces the first. */
  begin({ metadata }: KubernetesObject, remover: ObjectRemover): void {
    if (!this.hasKubelet) return;
    clearTimeout(this.timers.get(metadata.uid));
    const end = (): void => {
      this.timers.delete(metadata.uid);
      const current = this.store.get(PODS, metadata.namespace ?? '', metadata.name);
      if (current?.metadata.uid === metadata.uid) remover.finish(PODS, current);
    };
    const timer = setTimeout(end, (metadata.deletionGracePeriodSeconds ?? 0) * 1000);
    this.timers.set(metadata.uid, timer.unref());
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
