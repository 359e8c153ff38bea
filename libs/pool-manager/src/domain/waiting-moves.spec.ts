import { desiredPools } from './desired-pools';
import { WaitingMoves } from './waiting-moves';
import { LeaderControllerFixture } from '../testing/leader-controller-fixture';
import { sampleTierConfig } from '../testing/sample-tier-config';

const SOON_MS = 2_000;

async function call(fixture: LeaderControllerFixture, callSid: string, pool: string): Promise<void> {
  await fixture.store.calls.allocate({ callSid, merchantId: '', chain: [pool], knownMerchantConfig: null });
}

describe('A pod that its tier has too many of', () => {
  let fixture: LeaderControllerFixture;
  beforeEach(() => {
    fixture = new LeaderControllerFixture();
  });
  afterEach(() => fixture.work.stop());

  it('moves when its call ends, and not with the next periodic resync', async () => {
    fixture.tierConfig.config = sampleTierConfig({ gold: { target: 2 }, basic: { target: 0 } });
    await fixture.work.start();
    for (const callSid of ['call-1', 'call-2']) await call(fixture, callSid, 'gold');
    fixture.tierConfig.change(sampleTierConfig({ gold: { target: 1 }, basic: { target: 1 } }));
    await fixture.clock.advance(SOON_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, basic: 0 });
    await fixture.store.calls.release('call-1');
    await fixture.clock.advance(SOON_MS);
    expect(await fixture.assigned()).toEqual({ gold: 1, basic: 1 });
  });

  it('moves when the last of its calls ends on a shared pod', async () => {
    const shared = { type: 'shared', maxConcurrent: 2 } as const;
    fixture.tierConfig.config = sampleTierConfig({ gold: { ...shared, target: 2 }, basic: { target: 0 } });
    await fixture.work.start();
    for (const callSid of ['call-1', 'call-2']) await call(fixture, callSid, 'gold');
    fixture.tierConfig.change(sampleTierConfig({ gold: { ...shared, target: 1 }, basic: { target: 1 } }));
    await fixture.clock.advance(SOON_MS);
    const runs = fixture.runs();
    await fixture.clock.advance(5 * SOON_MS);
    expect(fixture.runs()).toBe(runs);
    await fixture.store.calls.release('call-2');
    await fixture.clock.advance(SOON_MS);
    expect(await fixture.assigned()).toEqual({ gold: 1, basic: 1 });
  });
});

describe('The starting tier', () => {
  it('is named once in the log when it has no pods, and once when it has some again', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    await fixture.clock.advance(SOON_MS);
    expect(fixture.logger.messages('warn')).toEqual([]);
    fixture.source.set();
    fixture.source.hint({ kind: 'gone', podName: 'pod-1' }, { kind: 'gone', podName: 'pod-2' });
    await fixture.clock.advance(5 * SOON_MS);
    const lacking = 'the tier where calls without a merchant start has no pods';
    expect(fixture.logger.messages('warn').filter((message) => message === lacking)).toHaveLength(1);
    fixture.source.set('pod-1');
    fixture.source.hint();
    await fixture.clock.advance(5 * SOON_MS);
    expect(fixture.logger.messages('info')).toContain('the tier where calls without a merchant start has pods again');
    await fixture.work.stop();
  });
});

describe('WaitingMoves', () => {
  const desired = desiredPools(sampleTierConfig({ gold: { target: 1 }, basic: { target: 1 } }));
  const policy = { type: 'exclusive', maxConcurrent: 1 } as const;
  const pools = (available: number, activeCalls: number) => [
    { pool: 'gold', policy, assigned: 2, available, activeCalls, draining: 0 },
    { pool: 'basic', policy, assigned: 0, available: 0, activeCalls: 0, draining: 0 },
  ];

  it('asks for one comparison in each state of the pools, so that a pod that cannot move causes no others', () => {
    const waiting = new WaitingMoves();
    const seen = [pools(0, 2), pools(1, 1), pools(1, 1), pools(2, 0), pools(0, 2), pools(2, 0)];
    expect(seen.map((state) => waiting.see(state, desired))).toEqual([false, true, false, true, false, false]);
  });
});
