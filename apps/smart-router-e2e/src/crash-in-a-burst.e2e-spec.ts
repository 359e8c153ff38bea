import type { Redis } from 'ioredis';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';
import { callsByPod, keysOf, openKeys, scoresOf } from './fleet/stored-keys';
import { type Allocation, type ApiClient } from '@smart-router/testbed';

const EXCLUSIVE_PODS = 20;
const SHARED_PODS = 4;
const MAX_CONCURRENT = 3;
const CAPACITY = EXCLUSIVE_PODS + SHARED_PODS * MAX_CONCURRENT;
const CALLS = CAPACITY + 8;
const ROUNDS = 3;

const TIER_CONFIG = JSON.stringify({
  standard: { type: 'exclusive', target: EXCLUSIVE_PODS },
  basic: { type: 'shared', target: SHARED_PODS, max_concurrent: MAX_CONCURRENT },
});

const POD_NAMES = Array.from({ length: EXCLUSIVE_PODS + SHARED_PODS }, (_, index) => `agent-${index}`);

interface Answer {
  readonly callSid: string;
  /** `no answer`: the connection broke, so that nobody knows whether the call has a pod. */
  readonly outcome: Allocation | 'no capacity' | 'no answer';
}

async function ask(api: ApiClient, callSid: string): Promise<Answer> {
  try {
    const { status, body } = await api.allocate({ call_sid: callSid });
    if (status === 200) return { callSid, outcome: body };
    expect(status).toBe(503);
    return { callSid, outcome: 'no capacity' };
  } catch {
    // The process was killed under the request: the very case that this is about.
    return { callSid, outcome: 'no answer' };
  }
}

describe.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))(
  'a process killed in a burst, round %d',
  (round) => {
    let fleet: DistributedFleet;
    let redis: Redis;

    beforeAll(async () => {
      fleet = await startDistributedFleet({ env: { TIER_CONFIG, STATIC_PODS: POD_NAMES.join(',') } });
      redis = openKeys(fleet.redis.url);
    });

    afterAll(async () => {
      redis?.disconnect();
      await fleet?.stop();
    });

    /** Redis continues only when the process is gone, so that at least this call is not answered. */
    async function killUnder(callSid: string): Promise<Answer> {
      fleet.redis.pause();
      const answer = ask(fleet.first, callSid);
      await fleet.firstApi.kill();
      fleet.redis.resume();
      return answer;
    }

    it('leaves no pod with too many calls, none lost, and every call with one pod', async () => {
      const { first, second } = fleet;
      const calls = Array.from({ length: CALLS }, (_, index) => `burst-${index}`);
      const [last = '', ...others] = calls.toReversed();

      let answered = 0;
      const burst = others.map(async (callSid, index) => {
        const answer = await ask(index % 2 ? first : second, callSid);
        // In another place of the burst in each round.
        return ++answered === round * 3 ? [answer, await killUnder(last)] : [answer];
      });
      const early = (await Promise.all(burst)).flat().filter(({ outcome }) => outcome !== 'no capacity');
      expect(early.map(({ outcome }) => outcome)).toContain('no answer');
      const retried = await Promise.all(early.map(({ callSid }) => ask(second, callSid)));

      for (const [index, { outcome }] of early.entries()) {
        if (outcome === 'no answer' || outcome === 'no capacity') continue;
        expect(retried[index]?.outcome).toMatchObject({ pod_name: outcome.pod_name, was_existing: true });
      }
      await Promise.all(calls.map((callSid) => ask(second, callSid)));

      const held = await callsByPod(redis);
      for (const podName of await redis.smembers('voice:pool:standard:assigned')) {
        expect(held[podName] ?? []).toHaveLength(1);
      }
      for (const podName of await redis.smembers('voice:pool:basic:assigned')) {
        expect(held[podName] ?? []).toHaveLength(MAX_CONCURRENT);
      }
      expect((await second.status()).body.active_calls).toBe(CAPACITY);
    });

    it('leaves every pod available once all calls are released', async () => {
      const { second } = fleet;
      const statuses = await Promise.all(
        Array.from({ length: CALLS }, async (_, index) => (await second.release(`burst-${index}`)).status),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(CAPACITY);
      expect(await redis.scard('voice:pool:standard:available')).toBe(EXCLUSIVE_PODS);
      const scores = await scoresOf(redis, 'voice:pool:basic:available');
      expect(Object.values(scores)).toEqual(Array<number>(SHARED_PODS).fill(0));
      expect(await keysOf(redis, 'voice:call:*')).toEqual([]);
      expect(await keysOf(redis, 'voice:lease:*')).toEqual([]);
    });
  },
);
