import type { NewPod, FakePods } from './fake-pods';

export interface StatefulSetOptions {
  /** Pods are called `<name>-0`, `<name>-1` … */
  readonly name: string;
  readonly replicas: number;
  /** For each pod; the label `app` is the name of the set unless set here. */
  readonly pod?: NewPod;
}

/** What a StatefulSet of voice agents does to its pods, without the object itself. */
export class FakeStatefulSet {
  private replicas = 0;

  private constructor(
    private readonly pods: FakePods,
    private readonly options: StatefulSetOptions,
  ) {}

  /** Resolves when all pods are ready. */
  static async start(pods: FakePods, options: StatefulSetOptions): Promise<FakeStatefulSet> {
    const set = new FakeStatefulSet(pods, options);
    await set.scale(options.replicas);
    return set;
  }

  get podNames(): readonly string[] {
    return Array.from({ length: this.replicas }, (_, index) => this.nameOf(index));
  }

  /** New pods are ready at once; those too many are gone at once, the last first. */
  async scale(replicas: number): Promise<void> {
    while (this.replicas < replicas) {
      await this.pods.createReady(this.nameOf(this.replicas), this.podTemplate());
      this.replicas += 1;
    }
    while (this.replicas > replicas) {
      this.replicas -= 1;
      await this.pods.remove(this.nameOf(this.replicas));
    }
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
      await this.pods.createReady(name, this.podTemplate());
    }
  }

  private nameOf(index: number): string {
    return `${this.options.name}-${index}`;
  }

  private podTemplate(): NewPod {
    const { name, pod = {} } = this.options;
    return { ...pod, labels: { app: name, ...pod.labels } };
  }
}
