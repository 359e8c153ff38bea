import { waitFor } from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';
import { lastingKeysOf, openKeys } from './fleet/stored-keys';

const SWEEP_TIMEOUT_MS = 30_000;

describe('what runs out by itself', () => {
  let fleet: DistributedFleet;
  let redis: Redis;

  beforeAll(async () => {
    fleet = await startDistributedFleet({
      env: { LEASE_TTL: '3s', DRAINING_TTL: '6s', ENDED_CALL_TTL: '3s', CLEANUP_INTERVAL: '500ms' },
    });
    redis = openKeys(fleet.redis.url);
  });

  afterAll(async () => {
    redis?.disconnect();
    await fleet?.stop();
  });

  it('ends a call that nobody released, and offers its pod again', async () => {
    const { pod_name } = await fleet.first.allocated('forgotten-1');
    await waitFor(async () => (await fleet.second.call('forgotten-1')).body.reason === 'lease_expired', {
      timeoutMs: SWEEP_TIMEOUT_MS,
      description: 'the lease to run out',
    });
    await waitFor(() => redis.sismember('voice:pool:standard:available', pod_name), {
      timeoutMs: SWEEP_TIMEOUT_MS,
      description: 'the pod to be offered again',
    });
    expect((await fleet.first.release('forgotten-1')).status).toBe(404);
    expect(await lastingKeysOf(redis, 'forgotten-1')).toEqual([]);
    const metrics = async () => (await fetch(`${fleet.worker.metricsUrl}/metrics`)).text();
    await waitFor(async () => /^smart_router_zombies_recovered_total 1$/m.test(await metrics()), {
      description: 'the call to be counted',
    });
  });

  it('keeps a call as long as heartbeats come', async () => {
    const { pod_name } = await fleet.first.allocated('beating-1');
    const other = (await fleet.first.allocated('silent-1')).pod_name;
    await waitFor(
      async () => {
        expect((await fleet.second.heartbeat('beating-1')).status).toBe(200);
        return (await fleet.second.call('silent-1')).body.reason === 'lease_expired';
      },
      { timeoutMs: SWEEP_TIMEOUT_MS, description: 'the lease of the other call to run out' },
    );
    expect((await fleet.second.call('beating-1')).body).toMatchObject({ status: 'active', pod_name });
    expect((await fleet.first.release('beating-1')).body).toMatchObject({ pod_name });
    expect(other).not.toBe(pod_name);
  });

  it('offers a drained pod again when its time is over', async () => {
    const [podName = ''] = await redis.smembers('voice:pool:gold:available');
    await fleet.first.drain(podName);
    expect(await redis.smembers('voice:pool:gold:available')).toEqual([]);
    await waitFor(() => redis.sismember('voice:pool:gold:available', podName), {
      timeoutMs: SWEEP_TIMEOUT_MS,
      description: 'the pod to be offered again',
    });
    expect((await fleet.first.pod(podName)).body).toMatchObject({ is_draining: false, status: 'available' });
  });
});
