import {
  type ApiClient,
  type AppProcess,
  newFleet,
  poolTotals,
  type RedisProcess,
  startApp,
  waitFor,
} from '@smart-router/testbed';
import { FLEET_ENV } from './environment';

type Env = Readonly<Record<string, string>>;

/** Two processes of the API and one leader worker on a Redis of their own. */
export interface DistributedFleet {
  readonly redis: RedisProcess;
  readonly firstApi: AppProcess;
  readonly secondApi: AppProcess;
  readonly worker: AppProcess;
  readonly first: ApiClient;
  readonly second: ApiClient;
  /** Safe to repeat, and where some of it has ended already. */
  stop(): Promise<void>;
}

export interface FleetOptions {
  /** For all apps, on top of `FLEET_ENV`. */
  readonly env?: Env;
  readonly redisPassword?: string;
}

/** Resolves when the leader has registered all pods, as far as both processes of the API see. */
export async function startDistributedFleet({ env = {}, redisPassword }: FleetOptions = {}): Promise<DistributedFleet> {
  const redis = redisPassword === undefined ? {} : { password: redisPassword };
  const started = await newFleet().env(FLEET_ENV).env(env).redis(redis).apis(2).workers(1).start();
  const [firstApi, secondApi, worker] = [...started.apis, ...started.workers] as [AppProcess, AppProcess, AppProcess];
  const stop = (): Promise<void> => started.stop();
  return { redis: started.redis, firstApi, secondApi, worker, first: firstApi.api, second: secondApi.api, stop };
}

/** API and leader work in one process. `env` says whether there is a Redis. */
export async function startCombined(env: Env = {}): Promise<{ app: AppProcess; api: ApiClient }> {
  const app = await startApp('smart-router', { ...FLEET_ENV, ...env });
  return { app, api: app.api };
}

export async function podsAssigned(api: ApiClient, count: number): Promise<void> {
  await waitFor(async () => (await poolTotals(api)).assigned === count, {
    description: `${count} pods to be assigned`,
  });
}
