import type { DynamicModule } from '@nestjs/common';
import type { LeadershipView } from '@smart-router/fleet/nest';
import { breakStore, startTestApi } from '../testing/test-api';
import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

class LeadershipModule {}

function leadershipModule(leadership: LeadershipView): DynamicModule {
  const providers = [{ provide: 'TEST_LEADERSHIP', useValue: leadership }];
  return { module: LeadershipModule, providers, exports: ['TEST_LEADERSHIP'] };
}

describe('GET /status', () => {
  it('returns pools, calls, leader and store when all is well', async () => {
    await api.store.leadership.announceLeader(api.epoch, 'router-a', 60_000);
    await api.post('/api/v1/allocate', { call_sid: '1' });
    const { status, body } = await api.get('/api/v1/status');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'up',
      pools: {
        gold: { type: 'exclusive', assigned: 1, available: 1, active_calls: 0, capacity: 1, target: 1, draining: 0 },
        standard: {
          type: 'exclusive',
          assigned: 2,
          available: 1,
          active_calls: 1,
          capacity: 2,
          target: 2,
          draining: 0,
        },
        basic: {
          type: 'shared',
          assigned: 1,
          available: 1,
          active_calls: 0,
          capacity: 2,
          target: 1,
          draining: 0,
          max_concurrent: 2,
        },
        'merchant:acme': {
          type: 'exclusive',
          assigned: 1,
          available: 1,
          active_calls: 0,
          capacity: 1,
          target: 1,
          draining: 0,
        },
      },
      active_calls: 1,
      warnings: [],
      is_leader: false,
      leader: { identity: 'router-a', epoch: api.epoch, since: expect.any(String) },
      tier_config_version: 1,
      store: { kind: 'memory', latency_ms: expect.any(Number) },
    });
  });

  it('returns ISO 8601 for since when there is a leader', async () => {
    await api.store.leadership.announceLeader(api.epoch, 'router-a', 60_000);
    const { since } = (await api.get('/api/v1/status')).body['leader'] as { since: string };
    expect(new Date(since).toISOString()).toBe(since);
    expect(Math.abs(Date.parse(since) - Date.now())).toBeLessThan(3_600_000);
  });

  it('returns draining pods when there are some', async () => {
    await api.store.drains.drain('standard-0');
    const { pools } = (await api.get('/api/v1/status')).body as { pools: Record<string, unknown> };
    expect(pools['standard']).toMatchObject({ draining: 1, available: 1, assigned: 2 });
  });

  it('returns is_leader as the leadership of the process has it at that moment', async () => {
    const leadership = { leads: false, isLeader: () => leadership.leads };
    const source = { imports: [leadershipModule(leadership)], token: 'TEST_LEADERSHIP' };
    const leading = await startTestApi({}, { leadership: source });
    const before = (await leading.get('/api/v1/status')).body['is_leader'];
    leadership.leads = true;
    const after = (await leading.get('/api/v1/status')).body['is_leader'];
    await leading.close();
    expect([before, after]).toEqual([false, true]);
  });

  it('returns the latency of the store in hundredths of a millisecond', async () => {
    Object.assign(api.store, { ping: () => Promise.resolve(0.428_571_428_571) });
    expect((await api.get('/api/v1/status')).body['store']).toEqual({ kind: 'memory', latency_ms: 0.43 });
  });

  it('returns 200 with status down, and no number that nobody knows, when the store cannot be reached', async () => {
    breakStore(api.store);
    const { status, body } = await api.get('/api/v1/status');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'down',
      pools: null,
      active_calls: null,
      warnings: [],
      is_leader: false,
      leader: null,
      tier_config_version: 1,
      store: { kind: 'memory', latency_ms: null },
    });
  });
});

describe('GET /metrics', () => {
  it('returns the gauges of the fleet from the store when scraped', async () => {
    await api.post('/api/v1/allocate', { call_sid: '1' });
    const { text } = await api.get('/metrics');
    expect(text).toContain('smart_router_active_calls 1');
    expect(text).toContain('smart_router_pool_available_pods{tier="standard"} 1');
  });
});

describe('GET /ready', () => {
  it('returns ready when the store answers', async () => {
    expect(await api.get('/ready')).toMatchObject({ status: 200, text: '{"status":"ready"}' });
  });

  it('returns 503 when the store cannot be reached', async () => {
    breakStore(api.store);
    expect(await api.get('/api/v1/ready')).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
  });
});
