import { askRedis, type SeededRandom } from '@smart-router/testbed';
import { sleep } from '../clock';
import type { Fleet } from '../fleet/fleet';

/** Something goes wrong, lasts a while and is repaired again. Resolves when it is repaired. */
export type Fault = (fleet: Fleet, random: SeededRandom) => Promise<void>;

async function lasting(fleet: Fleet, ms: number): Promise<void> {
  await sleep(ms);
  await fleet.proxy.heal();
}

/** No stop may last as long as a caller waits for stragglers. */
const LONGEST_STOP_MS = 3_000;

/** All faults but the kills of API processes, each with how often it is chosen among the others. */
export const FAULTS: Readonly<Record<string, { readonly weight: number; readonly inject: Fault }>> = {
  'scripts flushed': {
    weight: 4,
    inject: async ({ redis }) => void (await askRedis(redis.port, 'SCRIPT FLUSH')),
  },
  'connections reset': {
    weight: 3,
    inject: async ({ proxy }) => proxy.reset(),
  },
  'connections killed by Redis': {
    weight: 2,
    inject: async ({ redis }) => void (await askRedis(redis.port, 'CLIENT KILL TYPE normal')),
  },
  'replies dropped': {
    weight: 4,
    inject: async (fleet, random) => {
      fleet.proxy.dropReplies(random.between(1, 5), 'evalsha');
      await lasting(fleet, 500);
    },
  },
  'reply cut': {
    weight: 3,
    inject: async (fleet, random) => {
      fleet.proxy.cutAfter(random.between(1, 2_000));
      await lasting(fleet, 500);
    },
  },
  'request cut': {
    weight: 2,
    inject: async (fleet, random) => {
      fleet.proxy.cutAfter(random.between(1, 2_000), 'requests');
      await lasting(fleet, 500);
    },
  },
  'half-closed': {
    weight: 1,
    inject: async ({ proxy }, random) => proxy.halfClose(random.chance(0.5) ? 'replies' : 'requests'),
  },
  'slow line': {
    weight: 2,
    inject: async (fleet, random) => {
      fleet.proxy.latency({ ms: random.between(1, 50), jitterMs: random.between(0, 100) });
      await lasting(fleet, random.between(300, 1_500));
    },
  },
  'narrow line': {
    weight: 1,
    inject: async (fleet, random) => {
      fleet.proxy.bandwidth(random.between(20, 200) * 1024);
      await lasting(fleet, random.between(300, 1_500));
    },
  },
  'black hole': {
    weight: 1,
    inject: async (fleet, random) => {
      fleet.proxy.blackhole();
      await lasting(fleet, random.between(300, 2_000));
    },
  },
  'connections refused': {
    weight: 1,
    inject: async (fleet, random) => {
      fleet.proxy.refuse();
      fleet.proxy.reset();
      await lasting(fleet, random.between(200, 1_500));
    },
  },
  'Redis stopped': {
    weight: 1,
    inject: async ({ redis }, random) => {
      redis.pause();
      await sleep(random.between(300, LONGEST_STOP_MS));
      redis.resume();
    },
  },
  'API stopped': {
    weight: 1,
    inject: async ({ apis }, random) => {
      const api = random.pick(apis);
      api.pause();
      await sleep(random.between(300, LONGEST_STOP_MS));
      api.resume();
    },
  },
  'worker killed': {
    weight: 1,
    inject: async ({ worker }) => {
      await worker.kill();
      await worker.restart();
    },
  },
};
