import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Fleet } from '../rows/fleet';
import { PREFIX, RECORD_MS, SHARED, merchantConfig } from './fleet-names';

const CALLS = 50_000;
const CLIENTS = 64;
const RATE = /([\d.]+) requests per second/;

/**
 * Floor F2 once more, without Node: 64 clients of redis-benchmark that allocate at random calls.
 * @param fleet one whose shared pool has room for all of them
 * @returns allocations per second; `null` where there is no redis-benchmark
 */
export async function allocationsByRedisBenchmark(fleet: Fleet): Promise<number | null> {
  const { merchant, pool } = SHARED;
  const call = '__rand_int__';
  const script = ['evalsha', fleet.scripts.sha('allocate'), '1', `${PREFIX}call:${call}`, PREFIX, call];
  const rest = [merchant, merchantConfig(pool), '', `${RECORD_MS}`, `${RECORD_MS}`, pool];
  const options = ['-p', `${fleet.redis.port}`, '-n', `${CALLS}`, '-c', `${CLIENTS}`, '-r', '1000000000'];
  try {
    const { stdout } = await promisify(execFile)('redis-benchmark', [...options, ...script, ...rest]);
    return Number(RATE.exec(stdout)?.[1]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
