import { StoreUnavailableError } from '@smart-router/routing-store';
import { sampleSources } from '../testing/sample-fleet';
import { FleetStatusReader } from './fleet-status-reader';

const unreachable = async () => {
  throw new StoreUnavailableError('connection refused');
};

describe('FleetStatusReader', () => {
  it('returns up with pools, calls, leader and latency when the store answers', async () => {
    const status = await new FleetStatusReader(sampleSources()).read();
    expect(status).toMatchObject({
      status: 'up',
      activeCalls: 1,
      isLeader: true,
      leader: { identity: 'router-a', epoch: 4 },
      tierConfigVersion: 7,
      store: { kind: 'memory', latencyMs: 2 },
    });
    expect(status.pools?.get('gold')).toMatchObject({ assigned: 2, available: 1, activeCalls: 1 });
  });

  it.each(['ping', 'fleetStats'] as const)(
    'returns down, and null for what only the store knows, when %s cannot reach it',
    async (call) => {
      const status = await new FleetStatusReader(sampleSources({ [call]: unreachable })).read();
      expect(status).toEqual({
        status: 'down',
        pools: null,
        activeCalls: null,
        warnings: [],
        isLeader: true,
        leader: null,
        tierConfigVersion: 7,
        store: { kind: 'memory', latencyMs: null },
      });
    },
  );

  it('warns of a store that refuses writes while it is up, and of a wrong one while it is down', async () => {
    const full = new FleetStatusReader(
      sampleSources({ warnings: () => ['STORE_REFUSES_WRITES', 'EVICTION_POSSIBLE'] }),
    );
    const { status, warnings } = await full.read();
    expect([status, warnings.filter((text) => /^[A-Z_]+:/.test(text))]).toEqual([
      'up',
      [expect.stringMatching(/^STORE_REFUSES_WRITES: .*no call gets a pod/)],
    ]);
    const wrong = new FleetStatusReader(sampleSources({ ping: unreachable, warnings: () => ['WRONG_STORE'] }));
    expect(await wrong.read()).toMatchObject({ status: 'down', warnings: [expect.stringMatching(/^WRONG_STORE: /)] });
  });

  it('warns in the status and in the facts for health when there is no leader for long', async () => {
    const stats = { ...(await sampleSources().store.reader.fleetStats()), leader: null };
    let nowMs = 0;
    const reader = new FleetStatusReader({ ...sampleSources({ fleetStats: async () => stats }), now: () => nowMs });
    expect((await reader.read()).warnings.join()).not.toContain('NO_LEADER');
    expect(await reader.leaderFacts()).toEqual({ has_leader: false });
    nowMs = 30_000;
    expect((await reader.read()).warnings[0]).toMatch(/^NO_LEADER: nobody leads/);
    expect(await reader.leaderFacts()).toEqual({ has_leader: false, warnings: ['NO_LEADER'] });
  });

  it('says for health that there is a leader, and nothing of it when the store cannot be reached', async () => {
    expect(await new FleetStatusReader(sampleSources()).leaderFacts()).toEqual({ has_leader: true });
    const reader = new FleetStatusReader(sampleSources({ fleetStats: unreachable }));
    expect(await reader.leaderFacts()).toEqual({ has_leader: null });
  });

  it('throws when the failure is not one of the connection', async () => {
    const broken = sampleSources({
      fleetStats: async () => {
        throw new TypeError('broken');
      },
    });
    await expect(new FleetStatusReader(broken).read()).rejects.toThrow(TypeError);
  });

  it('throws StoreUnavailableError from readPools when the store cannot be reached', async () => {
    const reader = new FleetStatusReader(sampleSources({ fleetStats: unreachable }));
    await expect(reader.readPools()).rejects.toThrow(StoreUnavailableError);
  });
});
