import { type ApiClient, waitFor } from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';
import { callsByPod, keysOf, openKeys, scoresOf } from './fleet/stored-keys';
import { RawConnection } from './http/raw-connection';

const EXCLUSIVE_PODS = 6;
const SHARED_PODS = 3;
const MAX_CONCURRENT = 3;

const TIERS = {
  standard: { type: 'exclusive', target: EXCLUSIVE_PODS },
  basic: { type: 'shared', target: SHARED_PODS, max_concurrent: MAX_CONCURRENT },
} as const;

const POD_NAMES = Array.from({ length: EXCLUSIVE_PODS + SHARED_PODS }, (_, index) => `agent-${index}`);

describe('a fleet under load', () => {
  let fleet: DistributedFleet;
  let redis: Redis;

  beforeAll(async () => {
    fleet = await startDistributedFleet({
      env: { TIER_CONFIG: JSON.stringify(TIERS), STATIC_PODS: POD_NAMES.join(','), RECONCILE_INTERVAL: '500ms' },
    });
    redis = openKeys(fleet.redis.url);
  });

  afterAll(async () => {
    redis?.disconnect();
    await fleet?.stop();
  });

  afterEach(async () => {
    await waitFor(async () => (await redis.scard('voice:pool:standard:available')) === EXCLUSIVE_PODS, {
      timeoutMs: 20_000,
      description: 'all exclusive pods to be available',
    });
    // Pods join the structure of a new type one by one.
    const idle = JSON.stringify(Array<number>(SHARED_PODS).fill(0));
    await waitFor(
      async () => JSON.stringify(Object.values(await scoresOf(redis, 'voice:pool:basic:available'))) === idle,
      { description: 'all shared pods to be available' },
    );
    expect(await keysOf(redis, 'voice:call:*')).toEqual([]);
    expect(await keysOf(redis, 'voice:lease:*')).toEqual([]);
    expect((await fleet.first.status()).body.active_calls).toBe(0);
  });

  /** Allocates and releases one call after another until `isOver`; reports each pod that a call was given. */
  const client = async (name: string, isOver: () => boolean, onPod: (podName: string) => void = () => undefined) => {
    for (let index = 0; !isOver(); index++) {
      const api: ApiClient = index % 2 ? fleet.first : fleet.second;
      const call = `${name}-${index}`;
      const { status, body } = await api.allocate({ call_sid: call });
      expect([200, 503]).toContain(status);
      if (status !== 200) continue;
      onPod(body.pod_name);
      expect((await api.release(call)).status).toBe(200);
    }
  };

  /** Runs clients for as long as `action` takes. */
  const underLoad = async (clients: number, action: () => Promise<void>): Promise<void> => {
    let over = false;
    const running = Array.from({ length: clients }, (_, index) => client(`load-${index}`, () => over));
    try {
      await action();
    } finally {
      over = true;
      await Promise.all(running);
    }
  };

  it('puts no call on a pod once its drain is answered', async () => {
    await underLoad(8, async () => {
      for (const podName of POD_NAMES) {
        expect((await fleet.first.drain(podName)).status).toBe(200);
        const given: string[] = [];
        let left = 15;
        await client(
          `after-${podName}`,
          () => left-- === 0,
          (pod) => given.push(pod),
        );
        expect(given).not.toContain(podName);
        expect((await fleet.second.undrain(podName)).status).toBe(200);
      }
    });
  });

  it('loses no call while a tier changes its type again and again', async () => {
    await underLoad(8, async () => {
      for (let round = 0; round < 6; round++) {
        const { version } = (await fleet.first.tierConfig()).body;
        const basic = round % 2 ? TIERS.basic : ({ type: 'exclusive', target: SHARED_PODS } as const);
        expect((await fleet.first.putTierConfig({ version, tiers: { ...TIERS, basic } })).status).toBe(200);
        const type = round % 2 ? 'shared' : 'exclusive';
        await waitFor(async () => (await fleet.second.status()).body.pools['basic']?.type === type, {
          timeoutMs: 20_000,
          description: `the pool to be ${type}`,
        });
      }
    });
  });

  it('does not notice that the scripts of its store are flushed', async () => {
    await underLoad(8, async () => {
      for (let round = 0; round < 20; round++) {
        await redis.script('FLUSH');
        expect((await fleet.first.status()).body.status).toBe('up');
      }
    });
  });

  it('keeps a call whole whose client hangs up in the middle', async () => {
    const calls = Array.from({ length: 9 }, (_, index) => `hung-up-${index}`);
    for (const call of calls) {
      const connection = await RawConnection.open(fleet.first.baseUrl);
      const body = JSON.stringify({ call_sid: call });
      const head = `POST /api/v1/allocate HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
      connection.write(head + body);
      connection.close();
    }
    const pods = new Map<string, string>();
    for (const call of calls) pods.set(call, (await fleet.second.allocated(call)).pod_name);
    const held = await callsByPod(redis);
    for (const podName of await redis.smembers('voice:pool:standard:assigned')) {
      expect((held[podName] ?? []).length).toBeLessThanOrEqual(1);
    }
    for (const [call, podName] of pods) {
      expect((await fleet.first.allocated(call)).pod_name).toBe(podName);
      expect((await fleet.first.release(call)).status).toBe(200);
    }
  });
});
