import type { PoolName } from '@smart-router/routing-store';

interface AssignedPod {
  readonly podName: string;
  readonly pool: PoolName;
}

/**
 * Remembers in which pool pods were that have left the store, so that they return there; a flushed store gets its old
 * order back, too. Of bounded size: where it is full, the pod that left first is forgotten, and is assigned like a
 * new one if it returns.
 */
export class PoolAffinity {
  private present: ReadonlyMap<string, PoolName> = new Map();
  private readonly left = new Map<string, PoolName>();

  constructor(private readonly maxPods = 10_000) {}

  /** @param pods all pods that the store knows now */
  update(pods: readonly AssignedPod[]): void {
    const present = new Map<string, PoolName>();
    for (const { podName, pool } of pods) present.set(podName, pool);
    for (const [podName, pool] of this.present) if (!present.has(podName)) this.remember(podName, pool);
    this.present = present;
  }

  /** This pod leaves now. */
  note({ podName, pool }: AssignedPod): void {
    this.remember(podName, pool);
  }

  /** @returns `undefined` where the pod never left, or was forgotten */
  poolOf(podName: string): PoolName | undefined {
    return this.left.get(podName);
  }

  private remember(podName: string, pool: PoolName): void {
    this.left.delete(podName);
    this.left.set(podName, pool);
    if (this.left.size <= this.maxPods) return;
    for (const oldest of this.left.keys()) {
      this.left.delete(oldest);
      return;
    }
  }
}
