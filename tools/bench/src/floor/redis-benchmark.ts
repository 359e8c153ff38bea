import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { evalshaArgs, type SentScript } from './sent-scripts';

const CALLS = 50_000;
const CLIENTS = 64;
const RATE = /([\d.]+) requests per second/;

/**
 * Floor F2 once more, without Node: 64 clients of redis-benchmark that allocate at random calls.
 * @param allocate whose pool has room for all of them
 * @returns allocations per second; `null` where there is no redis-benchmark
 */
export async function allocationsByRedisBenchmark(redisPort: number, allocate: SentScript): Promise<number | null> {
  const script = ['evalsha', ...evalshaArgs(allocate, '__rand_int__')];
  const options = ['-p', `${redisPort}`, '-n', `${CALLS}`, '-c', `${CLIENTS}`, '-r', '1000000000'];
  try {
    const { stdout } = await promisify(execFile)('redis-benchmark', [...options, ...script]);
    return Number(RATE.exec(stdout)?.[1]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
