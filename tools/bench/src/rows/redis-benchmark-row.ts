import { allocationsByRedisBenchmark } from '../floor/redis-benchmark';
import { SHARED } from '../floor/fleet-names';
import { watchScripts } from '../floor/watch-scripts';
import type { BenchContext } from './bench-context';
import { Fleet } from './fleet';
import { startApi } from './standard-fleet';

/** Part of row A: floor F2 without Node, on a fleet of its own, since its calls are never released. */
export async function measureRedisBenchmark({ plan, report }: BenchContext): Promise<void> {
  const samples: number[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    const fleet = await Fleet.start({ exclusivePods: 0, sharedPods: 5_000, maxConcurrent: 1_000 });
    await fleet.registerPods();
    const { port } = await startApi(fleet);
    const { allocate } = await watchScripts(fleet.redis.port, port, SHARED.merchant);
    const rate = await allocationsByRedisBenchmark(fleet.redis.port, allocate);
    await fleet.stop();
    if (rate === null) return;
    samples.push(rate);
  }
  report.add('A', 'floor F2, redis-benchmark, 64 clients: allocations', '1/s', samples);
}
