import type { ObjectChange } from '@smart-router/kubernetes';
import { RecordingLogger } from '@smart-router/logging/testing';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import type { PodChange } from '../domain/pod-source';
import { podObject } from '../testing/pod-object';
import { readKubernetesPod, type KubernetesPod } from './kubernetes-pod';
import { KubernetesPodSource } from './kubernetes-pod-source';

/** A watch of objects that a test sets. */
class FakePods {
  readonly pods = new Map<string, KubernetesPod>();
  error: Error | null = null;
  private notify: (change: ObjectChange) => void = () => undefined;

  set(...objects: readonly ReturnType<typeof podObject>[]): void {
    for (const object of objects) {
      this.pods.set(object.metadata.name, readKubernetesPod(object));
      this.notify({ kind: 'present', name: object.metadata.name });
    }
  }

  remove(name: string): void {
    this.pods.delete(name);
    this.notify({ kind: 'gone', name });
  }

  relisted(): void {
    this.notify({ kind: 'any' });
  }

  get(name: string): KubernetesPod | undefined {
    return this.pods.get(name);
  }

  async list(): Promise<readonly KubernetesPod[]> {
    if (this.error) throw this.error;
    return [...this.pods.values()];
  }

  async run(onChange: (change: ObjectChange) => void, signal: AbortSignal): Promise<void> {
    this.notify = onChange;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
}

class Fixture {
  readonly pods = new FakePods();
  readonly clock = new ManualClock();
  readonly logger = new RecordingLogger();
  readonly source = new KubernetesPodSource(this);
  readonly stopping = new AbortController();
  readonly changes: PodChange[] = [];

  observe(): Promise<void> {
    return this.source.observe((change) => this.changes.push(change), this.stopping.signal);
  }

  list() {
    return this.source.list(this.stopping.signal);
  }

  setReady(ready: boolean): void {
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
    this.pods.set(podObject('pod-1', { status: { conditions } }));
  }

  /** Ready and not ready in turn, for a second each; the last time ready. */
  async flap(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      this.setReady(false);
      await this.clock.advance(1_000);
      this.setReady(true);
      await this.clock.advance(1_000);
    }
  }
}

describe('KubernetesPodSource', () => {
  it('lists the pods that can be used and are not over', async () => {
    const fixture = new Fixture();
    fixture.pods.set(podObject('pod-1'), podObject('metadata'), podObject('pod-2', { status: { phase: 'Failed' } }));
    expect((await fixture.list()).map(({ podName }) => podName)).toEqual(['pod-1']);
  });

  it('names pods once that cannot be used', async () => {
    const fixture = new Fixture();
    fixture.pods.set(podObject('metadata'));
    await fixture.list();
    await fixture.list();
    expect(fixture.logger.lines).toEqual([
      {
        level: 'warn',
        message: 'pods whose names cannot be used here get no calls',
        fields: { count: 1, pod_names: ['metadata'] },
      },
    ]);
  });

  it('does not know the pods where the API does not list them', async () => {
    const fixture = new Fixture();
    fixture.pods.error = new Error('pods: list is forbidden in namespace voice');
    await expect(fixture.list()).rejects.toMatchObject({
      code: 'POD_SOURCE_UNAVAILABLE',
      message: 'cannot list pods from Kubernetes: pods: list is forbidden in namespace voice',
    });
  });

  it('reports which pod was seen, is gone or over, and when everything was listed again', () => {
    const fixture = new Fixture();
    void fixture.observe();
    fixture.pods.set(podObject('pod-1'));
    fixture.pods.remove('pod-1');
    fixture.pods.set(podObject('pod-2', { status: { phase: 'Succeeded' } }));
    fixture.pods.relisted();
    expect(fixture.changes).toEqual([
      { kind: 'seen', podName: 'pod-1' },
      { kind: 'gone', podName: 'pod-1' },
      { kind: 'gone', podName: 'pod-2' },
      { kind: 'any' },
    ]);
  });

  it('reports nothing of pods that cannot be used', () => {
    const fixture = new Fixture();
    void fixture.observe();
    fixture.pods.set(podObject('metadata'));
    expect(fixture.changes).toEqual([]);
  });

  it('recalls a pod as it was seen last', () => {
    const fixture = new Fixture();
    fixture.pods.set(podObject('pod-1'), podObject('pod-2', { status: { phase: 'Failed' } }));
    expect(fixture.source.recall('pod-1')).toMatchObject({ podName: 'pod-1', incarnation: 'pod-1-uid', ready: true });
    expect(fixture.source.recall('pod-2')).toBeNull();
    expect(fixture.source.recall('pod-3')).toBeNull();
  });

  it('does not take a pod for ready that flaps, until it stays ready, and reports that then', async () => {
    const fixture = new Fixture();
    void fixture.observe();
    fixture.setReady(true);
    await fixture.flap(4);
    expect(fixture.source.recall('pod-1')?.ready).toBe(false);
    expect((await fixture.list())[0]?.ready).toBe(false);
    fixture.changes.length = 0;
    await fixture.clock.advance(8_999);
    expect(fixture.changes).toEqual([]);
    await fixture.clock.advance(1);
    expect(fixture.changes).toEqual([{ kind: 'seen', podName: 'pod-1' }]);
    expect(fixture.source.recall('pod-1')?.ready).toBe(true);
  });

  it('leaves no timer when it is stopped while a pod is held back', async () => {
    const fixture = new Fixture();
    const observing = fixture.observe();
    fixture.setReady(true);
    await fixture.flap(4);
    expect(fixture.clock.sleeping).toBe(1);
    fixture.stopping.abort();
    await observing;
    await settled();
    expect(fixture.clock.sleeping).toBe(0);
  });
});
