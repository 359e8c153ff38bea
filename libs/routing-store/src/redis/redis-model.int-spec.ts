import { type RedisProcess, startRedis } from '@smart-router/testbed';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { MemoryRoutingStore } from '../memory/memory-routing-store';
import { openRedisHarness } from '../testing/redis-harness';
import type { Model, Real } from '../testing/store-command';
import { storeCommands } from '../testing/store-commands';
import { TEST_TIMINGS } from '../testing/store-harness';

// 300 sequences take about a minute. A longer search: STORE_MODEL_RUNS=10000; a replay: the seed that a failure prints.
const RUNS = Number(process.env['STORE_MODEL_RUNS'] ?? 300);
const SEED = process.env['STORE_MODEL_SEED'];

let redis: RedisProcess;
let admin: Redis;
let replicationId: string;
beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
  replicationId = /master_replid:(\w+)/.exec(await admin.info('replication'))?.[1] ?? '';
});
afterAll(async () => {
  await admin.quit();
  await redis.stop();
});

function createModel(): Model {
  let now = 1_700_000_000_000;
  let chosen: string | null = null;
  let given: number | null = null;
  const numbers: number[] = [];
  const store = new MemoryRoutingStore({
    timings: TEST_TIMINGS,
    now: () => now,
    choosePod: (candidates) => {
      if (chosen === null || !candidates.has(chosen)) {
        throw new Error(`${chosen} was given, where ${[...candidates.values()].join()} were as good`);
      }
      return chosen;
    },
    numberGrant: () => {
      if (given === null) throw new Error('the real store has given no number');
      numbers.push(given);
      return given;
    },
  });
  return {
    store,
    choose: (podName, number) => {
      chosen = podName;
      given = number;
    },
    numbers,
    advance: (ms) => {
      now += ms;
    },
    epoch: 0,
  };
}

async function preparePools({ store }: Pick<Model, 'store'> | Real['harness'], epoch: number): Promise<void> {
  await store.pods.configurePool(epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
  await store.pods.configurePool(epoch, 'standard', { type: 'exclusive', maxConcurrent: 1 });
  await store.pods.configurePool(epoch, 'basic', { type: 'shared', maxConcurrent: 2 });
  await store.pods.configurePool(epoch, 'merchant:acme', { type: 'shared', maxConcurrent: 3 });
  const pods = ['gold', 'standard', 'basic', 'merchant:acme'].map((pool, i) => ({ podName: `pod-${i + 1}`, pool }));
  for (const pod of pods) await store.pods.registerPod(epoch, { ...pod, incarnation: 'first', ready: true });
}

it('agrees with the model after every step of random sequences, whatever is flushed or cut', async () => {
  await fc.assert(
    fc.asyncProperty(storeCommands, async (commands) => {
      const harness = await openRedisHarness(redis.url);
      const model = createModel();
      // Nothing was lost for long: the generation is not part of the model.
      await admin.set(`${harness.prefix}era`, `${replicationId}:0`);
      const real: Real = {
        harness,
        cutConnections: async () => void (await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
        flushScripts: async () => void (await admin.script('FLUSH')),
      };
      try {
        await Promise.all([harness.store.leadership.claimEpoch(), model.store.leadership.claimEpoch()]);
        model.epoch = await model.store.leadership.claimEpoch();
        expect(await harness.store.leadership.claimEpoch()).toBe(model.epoch);
        await preparePools(harness, model.epoch);
        await preparePools(model, model.epoch);
        await fc.asyncModelRun(() => ({ model, real }), commands);
      } finally {
        await harness.close();
      }
    }),
    { numRuns: RUNS, endOnFailure: false, ...(SEED !== undefined && { seed: Number(SEED) }) },
  );
}, 3_600_000);
