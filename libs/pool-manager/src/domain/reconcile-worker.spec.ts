import type { RunResult } from '@smart-router/scheduling';
import type { ReportedChange } from './pod-source';
import { ReconcileWorker } from './reconcile-worker';

const INTERVAL_MS = 60_000;
const signal = new AbortController().signal;

/** A worker whose reconciler a test replaces. */
class Fixture {
  nowMs = 0;
  readonly log: string[] = [];
  during: () => void = () => undefined;
  failure: Error | null = null;
  failed = new Set<string>();
  wantsResync = false;
  readonly worker = new ReconcileWorker(
    {
      resync: (_signal, { isFresh = false } = {}) => this.work(isFresh ? 'fresh resync' : 'resync', {}),
      reconcilePods: (changes) => this.work(describe(changes), { failed: this.failed, wantsResync: this.wantsResync }),
    },
    { intervalMs: INTERVAL_MS, clock: { now: () => this.nowMs }, random: () => 0 },
  );

  static async afterResync(): Promise<Fixture> {
    const fixture = new Fixture();
    await fixture.run();
    fixture.log.length = 0;
    return fixture;
  }

  run(): Promise<RunResult & { isResync: boolean }> {
    return this.worker.run(signal);
  }

  private async work<T>(what: string, result: T): Promise<T> {
    this.log.push(what);
    this.during();
    if (this.failure) throw this.failure;
    return result;
  }
}

function describe(changes: ReadonlyMap<string, ReportedChange>): string {
  return [...changes].map(([name, kind]) => `${name} ${kind}`).join();
}

it('begins with a resync although pods have changed, and takes these afterwards', async () => {
  const fixture = new Fixture();
  fixture.worker.note({ kind: 'seen', podName: 'a' });
  expect(await fixture.run()).toEqual({ isResync: true, againAfterMs: 0 });
  expect(await fixture.run()).toEqual({ isResync: false, againAfterMs: INTERVAL_MS });
  expect(fixture.log).toEqual(['resync', 'a seen']);
});

it('takes the pods that have changed together, with what was last reported of each', async () => {
  const fixture = await Fixture.afterResync();
  fixture.worker.note({ kind: 'seen', podName: 'a' });
  fixture.worker.note({ kind: 'seen', podName: 'b' });
  fixture.worker.note({ kind: 'gone', podName: 'a' });
  await fixture.run();
  expect(fixture.log).toEqual(['a gone,b seen']);
});

it('takes a resync when the interval is over, however many pods have changed meanwhile', async () => {
  const fixture = await Fixture.afterResync();
  fixture.nowMs = INTERVAL_MS;
  fixture.worker.note({ kind: 'seen', podName: 'a' });
  await fixture.run();
  expect(fixture.log).toEqual(['fresh resync']);
});

it('takes a resync when any pod may have changed', async () => {
  const fixture = await Fixture.afterResync();
  fixture.worker.note({ kind: 'any' });
  await fixture.run();
  expect(fixture.log).toEqual(['resync']);
});

it('takes a pod once more that has changed while it was reconciled', async () => {
  const fixture = await Fixture.afterResync();
  fixture.worker.note({ kind: 'seen', podName: 'a' });
  fixture.during = () => fixture.worker.note({ kind: 'gone', podName: 'a' });
  expect((await fixture.run()).againAfterMs).toBe(0);
  fixture.during = () => undefined;
  await fixture.run();
  expect(fixture.log).toEqual(['a seen', 'a gone']);
});

it('takes a pod that failed again after a back-off, and no other one', async () => {
  const fixture = await Fixture.afterResync();
  fixture.worker.note({ kind: 'gone', podName: 'a' });
  fixture.worker.note({ kind: 'seen', podName: 'b' });
  fixture.failed = new Set(['a']);
  const { againAfterMs = 0 } = await fixture.run();
  expect(againAfterMs).toBeGreaterThan(0);
  await fixture.run();
  fixture.nowMs += againAfterMs;
  await fixture.run();
  expect(fixture.log).toEqual(['a gone,b seen', 'a gone']);
});

it('takes all pods again when reconciling them has failed as a whole', async () => {
  const fixture = await Fixture.afterResync();
  fixture.worker.note({ kind: 'gone', podName: 'a' });
  fixture.worker.note({ kind: 'seen', podName: 'b' });
  fixture.failure = new Error('away');
  await expect(fixture.run()).rejects.toThrow('away');
  fixture.failure = null;
  fixture.nowMs = 1_000;
  await fixture.run();
  expect(fixture.log).toEqual(['a gone,b seen', 'a gone,b seen']);
});

it('takes a resync again when that has failed', async () => {
  const fixture = new Fixture();
  fixture.failure = new Error('away');
  await expect(fixture.run()).rejects.toThrow('away');
  fixture.failure = null;
  expect(await fixture.run()).toMatchObject({ isResync: true });
});

it('takes a resync soon when reconciling pods has shown that it is wanted', async () => {
  const fixture = await Fixture.afterResync();
  fixture.wantsResync = true;
  fixture.worker.note({ kind: 'gone', podName: 'a' });
  expect(await fixture.run()).toEqual({ isResync: false, againAfterMs: 0 });
  await fixture.run();
  expect(fixture.log).toEqual(['a gone', 'resync']);
});
