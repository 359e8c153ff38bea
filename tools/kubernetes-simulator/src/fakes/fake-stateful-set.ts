import type { FakePods } from './fake-pods';

export interface StatefulSetOptions {
  /** Pods are called `<name>-0`, `<name>-1` … and have this value in the label `app`. */
  readonly name: string;
  readonly replicas: number;
}

/** What a StatefulSet of voice agents does to its pods, without the object itself. */
export class FakeStatefulSet {
  private replicas = 0;

  private constructor(
    private readonly pods: FakePods,
    private readonly name: string,
  ) {}

  /** Resolves when all pods are ready. */
  static async start(pods: FakePods, { name, replicas }: StatefulSetOptions): Promise<FakeStatefulSet> {
    const set = new FakeStatefulSet(pods, name);
    await set.scale(replicas);
    return set;
  }

  get podNames(): readonly string[] {
    return Array.from({ length: this.replicas }, (_, index) => this.nameOf(index));
  }

  /** Missing pods are created, the first one first, and ready at once; those too many are gone at once, the last first. */
  async scale(replicas: number): Promise<void> {
    const found = new Set((await this.pods.list(`app=${this.name}`)).map(({ metadata }) => metadata.name));
    const before = this.podNames;
    this.replicas = replicas;
    for (const name of this.podNames) if (!found.has(name)) await this.createReady(name);
    for (const name of before.slice(replicas).reverse()) if (found.has(name)) await this.pods.remove(name);
  }

  /**
   * Each pod, the last first: terminating, gone, and back under its name with a new uid.
   * @param between called while a pod terminates, before it is gone
   */
  async rollingRestart(between: (podName: string) => Promise<void> = () => Promise.resolve()): Promise<void> {
    for (const name of [...this.podNames].reverse()) {
      await this.pods.terminate(name);
      await between(name);
      await this.pods.remove(name);
      await this.createReady(name);
    }
  }

  private createReady(name: string): Promise<unknown> {
    return this.pods.createReady(name, { labels: { app: this.name } });
  }

  private nameOf(index: number): string {
    return `${this.name}-${index}`;
  }
}
