import type { StoreOperation } from '@smart-router/routing-store/testing';
import { observedPod } from '../testing/fake-pod-source';
import { ReconcilerState } from './reconciler-state';
import { ReconcilerFixture } from '../testing/reconciler-fixture';
import { sampleTierConfig } from '../testing/sample-tier-config';
import { Reconciler } from './reconciler';

/**
 * Every change of the store is one atomic operation, so that a leader can only die between two of them, or before it
 * hears of the last. All these moments of a resync that has everything to do are tried, one after the other.
 */

const never = new AbortController().signal;

class LeaderDied extends Error {}

/** The operations of one leader: it dies after this number of them, before it hears of the last. */
class Life {
  operations = 0;
  endsAfter = Infinity;

  intercept =
    (_: string, operation: StoreOperation): StoreOperation =>
    (...args) =>
      this.run(operation, args);

  private async run(operation: StoreOperation, args: unknown[]): Promise<unknown> {
    if (this.operations >= this.endsAfter) throw new LeaderDied();
    this.operations++;
    const result = await operation(...args);
    if (this.operations >= this.endsAfter) throw new LeaderDied();
    return result;
  }
}

/** Four pools with a pod and a call each; then pods come, go, restart and terminate, and pools change and go. */
async function everythingToDo(life: Life): Promise<ReconcilerFixture> {
  const fixture = new ReconcilerFixture();
  fixture.intercept = life.intercept;
  fixture.tierConfig.config = sampleTierConfig({ gold: {}, silver: {}, bronze: {}, overflow: {} });
  fixture.source.set('pod-1', 'pod-2', 'pod-3', 'pod-4');
  await fixture.resync();
  for (const [index, pool] of ['gold', 'silver', 'bronze', 'overflow'].entries()) {
    await fixture.call(`call-${index + 1}`, pool);
  }
  fixture.tierConfig.config = sampleTierConfig({
    gold: { type: 'shared', maxConcurrent: 3, target: 2 },
    silver: {},
    overflow: { target: 2 },
  });
  fixture.source.set(
    'pod-1',
    observedPod('pod-2', { terminating: true }),
    observedPod('pod-4', { incarnation: 'life-2' }),
    'pod-5',
    observedPod('pod-6', { ready: false }),
  );
  life.operations = 0;
  return fixture;
}

/** The next leader, on what the last one left. */
async function succeed({ store, source, tierConfig, observer, logger, clock }: ReconcilerFixture): Promise<void> {
  const next = new Reconciler({ store, source, tierConfig, observer, logger, clock }, 2, new ReconcilerState(0));
  await next.resync(never);
  await next.resync(never);
}

async function stateOf({ store }: ReconcilerFixture) {
  const { pools, activeCalls } = await store.reader.fleetStats();
  const { items: pods } = await store.reader.pods({ limit: 100 });
  const { items: calls } = await store.reader.calls({ limit: 100 });
  return {
    activeCalls,
    pools: [...pools].sort((a, b) => a.pool.localeCompare(b.pool)),
    pods: pods.map(({ podName, incarnation, ready, isDraining, calls: held }) => ({
      podName,
      incarnation,
      ready,
      isDraining,
      held,
    })),
    calls: calls.map(({ callSid, podName }) => [callSid, podName]),
  };
}

/** What every moment of death must lead to, and how many of them there are. */
async function uninterrupted() {
  const life = new Life();
  const fixture = await everythingToDo(life);
  await fixture.resync();
  const { operations } = life;
  await succeed(fixture);
  return { operations, state: await stateOf(fixture) };
}

describe('a leader that dies in the middle of a resync', () => {
  it('leaves to the next one what that makes right, after whichever operation it died', async () => {
    const { operations, state } = await uninterrupted();
    expect(operations).toBeGreaterThan(10);
    for (let endsAfter = 0; endsAfter <= operations; endsAfter++) {
      const life = new Life();
      const fixture = await everythingToDo(life);
      life.endsAfter = endsAfter;
      await fixture.resync().catch(() => undefined);
      await succeed(fixture);
      expect({ endsAfter, state: await stateOf(fixture) }).toEqual({ endsAfter, state });
    }
  });

  it('ends no call but those of the pod that is gone and of the one that was restarted', async () => {
    const { state } = await uninterrupted();
    expect(state.calls).toEqual([
      ['call-1', 'pod-1'],
      ['call-2', 'pod-2'],
    ]);
  });
});
