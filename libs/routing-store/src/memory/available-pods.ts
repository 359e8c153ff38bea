import { IndexedSet } from './indexed-set';

/**
 * The pods of one pool that may take calls, grouped by load. Finding the least loaded one costs as much as the pool's
 * `maxConcurrent`, however many pods there are.
 */
export class AvailablePods {
  private readonly byLoad = new Map<number, IndexedSet<string>>();
  private readonly loads = new Map<string, number>();

  has(podName: string): boolean {
    return this.loads.has(podName);
  }

  /** With and without room. */
  get size(): number {
    return this.loads.size;
  }

  /** Adds the pod, or gives it another load. */
  set(podName: string, load: number): void {
    this.delete(podName);
    const group = this.byLoad.get(load) ?? new IndexedSet<string>();
    this.byLoad.set(load, group);
    group.add(podName);
    this.loads.set(podName, load);
  }

  delete(podName: string): void {
    const load = this.loads.get(podName);
    if (load === undefined) return;
    this.byLoad.get(load)?.delete(podName);
    this.loads.delete(podName);
  }

  /** The least loaded pods, all with the same load below `maxConcurrent`; empty where none has room. */
  leastLoaded(maxConcurrent: number): IndexedSet<string> {
    for (let load = 0; load < maxConcurrent; load++) {
      const group = this.byLoad.get(load);
      if (group && group.size > 0) return group;
    }
    return new IndexedSet();
  }

  /** How many pods have room. */
  count(maxConcurrent: number): number {
    let count = 0;
    for (const [load, group] of this.byLoad) if (load < maxConcurrent) count += group.size;
    return count;
  }
}
