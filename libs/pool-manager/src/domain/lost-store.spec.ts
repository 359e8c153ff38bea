import { GAP_MS, LeaderControllerFixture } from '../testing/leader-controller-fixture';
import { podNames } from '../testing/fake-pod-source';
import { ReconcilerFixture } from '../testing/reconciler-fixture';

const HOLD_MS = 2_000;

/** What a store without data looks like to a reconciler that has filled it before. */
async function empty(fixture: ReconcilerFixture): Promise<void> {
  for (const { podName } of await fixture.pods()) await fixture.store.pods.removePod(1, podName);
  for (const { pool } of (await fixture.store.reader.fleetStats()).pools) await fixture.store.pods.removePool(1, pool);
}

describe('A store that has lost its data', () => {
  it('is looked at again when the hold ends during a resync that has held pods back', async () => {
    let onRegister = (): void => undefined;
    const fixture = new ReconcilerFixture((store) => ({
      configurePool: (...args) => {
        onRegister();
        return store.pods.configurePool(...args);
      },
    }));
    fixture.source.set(...podNames(2));
    await fixture.resync();
    await fixture.resync();
    await empty(fixture);
    expect(await fixture.resync()).toEqual({ againAfterMs: HOLD_MS });
    // A timer that fires a little early.
    fixture.clock.jump(HOLD_MS - 1);
    onRegister = () => fixture.clock.jump(1);
    const { againAfterMs } = await fixture.resync();
    expect(againAfterMs).toBe(1);
    expect(await fixture.stats('gold')).toMatchObject({ assigned: 2, available: 0 });
    await fixture.resync();
    expect(await fixture.stats('gold')).toMatchObject({ assigned: 2, available: 2 });
  });

  it('is filled at once when it comes back as it was earlier, with the announcement of the leader', async () => {
    let comeBack = (): void => undefined;
    const fixture = new LeaderControllerFixture(() => ({
      onReconnect: (listener) => {
        comeBack = listener;
        return () => (comeBack = () => undefined);
      },
    }));
    await fixture.work.start();
    await fixture.store.pods.removePod(1, 'pod-2');
    comeBack();
    await fixture.clock.advance(GAP_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
    await fixture.work.stop();
  });
});
