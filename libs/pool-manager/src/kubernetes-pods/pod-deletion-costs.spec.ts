import { KubernetesApiError, type ApiCall } from '@smart-router/kubernetes';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { DEFAULT_TIMINGS } from '@smart-router/routing-store';
import { ManualClock } from '@smart-router/scheduling/testing';
import { podObject } from '../testing/pod-object';
import { POD_DELETION_COST, readKubernetesPod } from './kubernetes-pod';
import { PodDeletionCosts } from './pod-deletion-costs';

const EPOCH = 1;
const CAPACITY = 100;

/** Pods in a store, their annotations in a cluster, and what is sent to it. */
class Fixture {
  readonly clock = new ManualClock();
  readonly store = new MemoryRoutingStore({ timings: DEFAULT_TIMINGS, now: () => this.clock.now() });
  readonly objects = new Map<string, ReturnType<typeof podObject>>();
  readonly sent: ApiCall[] = [];
  readonly sentAtMs: number[] = [];
  readonly stopping = new AbortController();
  failure: { readonly status: number; readonly retryAfterMs: number | null } | null = null;
  /** The pods that the failure befalls. */
  befalls: (podName: string | undefined) => boolean = () => true;
  readonly costs = new PodDeletionCosts({
    api: { call: (call) => this.answer(call) },
    namespace: 'voice',
    pods: { get: (name) => (this.objects.has(name) ? readKubernetesPod(this.objects.get(name)) : undefined) },
    store: this.store.reader,
    clock: this.clock,
  });

  static async with(loads: Readonly<Record<string, number>>): Promise<Fixture> {
    const fixture = new Fixture();
    for (const [podName, calls] of Object.entries(loads)) await fixture.add(podName, calls);
    return fixture;
  }

  /** A pod with this number of calls, in a pool of its own so that they land on it; without an annotation. */
  async add(podName: string, calls: number): Promise<void> {
    const { store } = this;
    await store.pods.configurePool(EPOCH, podName, { type: 'shared', maxConcurrent: CAPACITY });
    const incarnation = `${podName}-uid`;
    await store.pods.registerPod(EPOCH, { podName, incarnation, ready: true, pool: podName });
    for (let index = 0; index < calls; index++) {
      const callSid = `${podName}-${index}`;
      await store.calls.allocate({ callSid, merchantId: '', chain: [podName], knownMerchantConfig: null });
    }
    this.objects.set(podName, podObject(podName));
  }

  annotate(podName: string, cost: string, metadata: object = {}): void {
    const annotations = { [POD_DELETION_COST]: cost };
    this.objects.set(podName, podObject(podName, { metadata: { annotations, ...metadata } }));
  }

  /** One run from its beginning to its end. @returns what it gave or threw */
  async run(): Promise<unknown> {
    const outcome = this.costs.run(this.stopping.signal).catch((error: unknown) => error);
    await this.clock.advance(60_000);
    return outcome;
  }

  /** `pod=cost`, in the order in which they were sent. */
  get patches(): readonly string[] {
    return this.sent.map(({ body, name }) => {
      const { annotations } = (body as { metadata: { annotations: Record<string, string> } }).metadata;
      return `${name}=${annotations[POD_DELETION_COST]}`;
    });
  }

  private async answer(call: ApiCall): Promise<unknown> {
    this.sent.push(call);
    this.sentAtMs.push(this.clock.now());
    const { failure } = this;
    if (failure && this.befalls(call.name)) {
      throw new KubernetesApiError(call, { code: failure.status, reason: '', message: '', ...failure });
    }
    return {};
  }
}

it('writes to each pod how many calls it has, those first that are furthest off', async () => {
  const fixture = await Fixture.with({ a: 1, b: 3, c: 2 });
  fixture.annotate('c', '9');
  await fixture.run();
  expect(fixture.patches).toEqual(['c=2', 'b=3', 'a=1']);
});

it('sends a merge patch of nothing but the annotation, for this life of the pod', async () => {
  const fixture = await Fixture.with({ a: 1 });
  await fixture.run();
  expect(fixture.sent).toEqual([
    {
      verb: 'patch',
      resource: expect.objectContaining({ plural: 'pods' }),
      namespace: 'voice',
      name: 'a',
      body: { metadata: { uid: 'a-uid', annotations: { [POD_DELETION_COST]: '1' } } },
      contentType: 'application/merge-patch+json',
    },
  ]);
});

it('sends nothing for an idle pod without annotation, nor where the annotation is right', async () => {
  const fixture = await Fixture.with({ idle: 0, busy: 2 });
  fixture.annotate('busy', '2');
  await fixture.run();
  expect(fixture.patches).toEqual([]);
});

it('replaces an annotation that is no number', async () => {
  const fixture = await Fixture.with({ idle: 0 });
  fixture.annotate('idle', 'cheap');
  await fixture.run();
  expect(fixture.patches).toEqual(['idle=0']);
});

it('leaves pods alone that terminate, are gone, or are another one by now', async () => {
  const fixture = await Fixture.with({ terminating: 1, gone: 1, replaced: 1 });
  fixture.annotate('terminating', '0', { deletionTimestamp: '2026-01-01T00:00:00Z' });
  fixture.annotate('replaced', '0', { uid: 'another' });
  fixture.objects.delete('gone');
  await fixture.run();
  expect(fixture.patches).toEqual([]);
});

it('sends no more than ten a second, and continues with the rest after it has looked again', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `pod-${index}`);
  const fixture = await Fixture.with(Object.fromEntries(names.map((name) => [name, 1])));
  const outcome = await fixture.run();
  const gaps = fixture.sentAtMs.slice(1).map((atMs, index) => atMs - (fixture.sentAtMs[index] ?? 0));
  expect(fixture.sent).toHaveLength(50);
  expect(Math.min(...gaps)).toBe(100);
  expect(outcome).toEqual({ againAfterMs: 0 });
});

it('waits before it looks again when nothing is left to be sent', async () => {
  const fixture = await Fixture.with({ a: 1 });
  expect(await fixture.run()).toEqual({ againAfterMs: 5_000 });
});

it.each([404, 409, 422])(
  'continues with the next pod when one has gone since, which the API reports by %s',
  async (status) => {
    const fixture = await Fixture.with({ a: 2, b: 1 });
    fixture.failure = { status, retryAfterMs: null };
    expect(await fixture.run()).toEqual({ againAfterMs: 5_000 });
    expect(fixture.patches).toEqual(['a=2', 'b=1']);
  },
);

it.each([400, 500, 503])('patches the other pods, and fails then, when one is answered with %s', async (status) => {
  const fixture = await Fixture.with({ a: 3, b: 2, c: 1 });
  fixture.failure = { status, retryAfterMs: null };
  fixture.befalls = (podName) => podName !== 'c';
  expect(await fixture.run()).toMatchObject({ status, message: expect.stringContaining('pods/a') });
  expect(fixture.patches).toEqual(['a=3', 'b=2', 'c=1']);
});

it('fails with verb and resource, and tries no other pod, when it is not permitted', async () => {
  const fixture = await Fixture.with({ a: 2, b: 1 });
  fixture.failure = { status: 403, retryAfterMs: null };
  expect(await fixture.run()).toMatchObject({
    message: expect.stringContaining('patch is forbidden'),
    resource: 'pods',
  });
  expect(fixture.patches).toEqual(['a=2']);
});

it('fails after the time only that the API asks for', async () => {
  const fixture = await Fixture.with({ a: 1 });
  fixture.failure = { status: 429, retryAfterMs: 3_000 };
  let failedAtMs = 0;
  const failing = fixture.costs.run(fixture.stopping.signal).catch(() => void (failedAtMs = fixture.clock.now()));
  await fixture.clock.advance(60_000);
  await failing;
  expect(failedAtMs).toBe(3_000);
});

it('sends nothing more when the process has stopped leading', async () => {
  const fixture = await Fixture.with({ a: 2, b: 1 });
  const running = fixture.costs.run(fixture.stopping.signal).catch((error: unknown) => error);
  await fixture.clock.advance(50);
  fixture.stopping.abort(new Error('the term is over'));
  expect(await running).toMatchObject({ message: 'the term is over' });
  expect(fixture.patches).toEqual(['a=2']);
});
