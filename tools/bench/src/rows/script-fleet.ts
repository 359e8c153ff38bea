import { Redis } from 'ioredis';
import { EXCLUSIVE, SHARED } from '../floor/fleet-names';
import type { CallScripts } from '../floor/sent-scripts';
import { watchScripts } from '../floor/watch-scripts';
import type { BenchContext } from './bench-context';
import type { Fleet } from './fleet';
import { measureFullRedis } from './full-redis';
import { measureScriptCost } from './script-cost';
import { startServedFleet } from './standard-fleet';

/** A Redis with 5,000 exclusive and 5,000 shared pods and the scripts of a build, which no process serves any more. */
export interface ScriptFleet {
  readonly fleet: Fleet;
  readonly exclusive: CallScripts;
  readonly shared: CallScripts;
  /** Sends commands of one tick together, as the API does. */
  readonly client: Redis;
  stop(): Promise<void>;
}

/** Rows M and N. */
export async function measureScripts(context: BenchContext): Promise<void> {
  const own = await startScriptFleet();
  const other = context.against === undefined ? undefined : await startScriptFleet(context.against);
  if (context.wants('M')) await measureScriptCost(context, own, other);
  if (context.wants('N')) await measureFullRedis(context, own, other);
  await own.stop();
  await other?.stop();
}

/** @param dist the folder of the build; this one's where it is left out */
async function startScriptFleet(dist?: string): Promise<ScriptFleet> {
  const { fleet, api, stop } = await startServedFleet(dist);
  const exclusive = await watchScripts(fleet.redis.port, api.port, EXCLUSIVE.merchant);
  const shared = await watchScripts(fleet.redis.port, api.port, SHARED.merchant);
  // What they ask Redis by themselves would count as scripts.
  await fleet.stopApps();
  const client = new Redis(fleet.redis.url, { enableAutoPipelining: true });
  const stopAll = async (): Promise<void> => {
    client.disconnect();
    await stop();
  };
  return { fleet, exclusive, shared, client, stop: stopAll };
}
