import {
  type ApiClient,
  type AppProcess,
  type RedisProcess,
  startApp,
  startRedis,
  waitFor,
} from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { FLEET_ENV, POD_NAMES } from './fleet/environment';
import { podsAssigned, startCombined } from './fleet/fleet';
import { openKeys } from './fleet/stored-keys';

const TAKEOVER_TIMEOUT_MS = 30_000;

describe('processes that would all lead', () => {
  let redis: RedisProcess;
  let keys: Redis;
  const apps: AppProcess[] = [];

  beforeEach(async () => {
    redis = await startRedis();
    keys = openKeys(redis.url);
  });

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.kill()));
    keys.disconnect();
    await redis.stop();
  });

  const start = async (identity: string): Promise<{ app: AppProcess; api: ApiClient }> => {
    const started = await startCombined({ REDIS_URL: redis.url, LEADER_ELECTION_IDENTITY: identity });
    apps.push(started.app);
    return started;
  };

  const leadsAs = (api: ApiClient, identity: string): Promise<unknown> =>
    waitFor(async () => (await api.status()).body.leader?.identity === identity, {
      timeoutMs: TAKEOVER_TIMEOUT_MS,
      description: `${identity} to be the leader`,
    });

  it('leave it to the one that was started last, and keep serving', async () => {
    const first = await start('first');
    await leadsAs(first.api, 'first');
    const second = await start('second');
    await leadsAs(first.api, 'second');
    await waitFor(async () => !(await first.api.status()).body.is_leader, {
      timeoutMs: TAKEOVER_TIMEOUT_MS,
      description: 'the first to see that it has stopped leading',
    });
    expect((await second.api.status()).body).toMatchObject({ is_leader: true, leader: { epoch: 2 } });
    expect((await first.api.allocate({ call_sid: 'served-1' })).status).toBe(200);
  });

  it('do not take the leadership of the next one away when they end', async () => {
    const first = await start('first');
    const second = await start('second');
    await leadsAs(second.api, 'second');
    expect(await first.app.stop()).toEqual({ code: 0, signal: null });
    expect(await keys.hget('voice:leader', 'identity')).toBe('second');
  });

  it('do no harm when they were paused and wake up', async () => {
    const first = await start('first');
    await leadsAs(first.api, 'first');
    first.app.pause();
    const second = await start('second');
    await leadsAs(second.api, 'second');
    const { pod_name } = await second.api.allocated('paused-1');
    first.app.resume();
    await waitFor(async () => !(await first.api.status()).body.is_leader, {
      timeoutMs: TAKEOVER_TIMEOUT_MS,
      description: 'the first to see that it has stopped leading',
    });
    expect((await second.api.pod(pod_name)).body).toMatchObject({ calls: ['paused-1'] });
    expect((await second.api.status()).body).toMatchObject({ is_leader: true, leader: { identity: 'second' } });
  });

  it('are followed by a leader when everything was flushed in between', async () => {
    await (await start('first')).app.kill();
    const second = await start('second');
    await leadsAs(second.api, 'second');
    await keys.flushall();
    await second.api.reconcile();
    await podsAssigned(second.api, POD_NAMES.length);
    const third = await start('third');
    await leadsAs(third.api, 'third');
    await second.app.stop();
    expect((await third.api.status()).body).toMatchObject({ is_leader: true, leader: { identity: 'third' } });
  });

  it('are replaced after a crash, while others serve', async () => {
    const api = await startApp('api', { ...FLEET_ENV, REDIS_URL: redis.url });
    apps.push(api);
    const worker = await startApp('leader-worker', { ...FLEET_ENV, REDIS_URL: redis.url });
    apps.push(worker);
    await worker.kill();
    const next = await start('next');
    await leadsAs(next.api, 'next');
    expect((await next.api.allocated('replaced-1')).source_pool).toBe('pool:standard');
  });
});
