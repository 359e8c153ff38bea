import { type AppProcess, type RedisProcess, startApp, startRedis, waitFor } from '@smart-router/testbed';
import { ApiClient } from '../http/api-client';
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
  /** Arguments of redis-server. */
  readonly redisArgs?: readonly string[];
  /** Where the arguments ask for one. */
  readonly redisPassword?: string;
}

/** Resolves when the leader has registered all pods, as far as both processes of the API see. */
export async function startDistributedFleet(options: FleetOptions = {}): Promise<DistributedFleet> {
  const { env = {}, redisArgs = [], redisPassword = '' } = options;
  const redis = await startRedis({ args: redisArgs });
  const redisUrl = redis.url.replace('//', redisPassword === '' ? '//' : `//:${redisPassword}@`);
  const started: AppProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((app) => app.kill()));
    await redis.stop();
  };
  try {
    const full: Record<string, string> = { ...FLEET_ENV, REDIS_URL: redisUrl, ...env };
    const start = async (name: 'api' | 'leader-worker'): Promise<AppProcess> => {
      const app = await startApp(name, full);
      started.push(app);
      return app;
    };
    const [firstApi, secondApi, worker] = await settleAll([start('api'), start('api'), start('leader-worker')]);
    const first = new ApiClient(firstApi.baseUrl);
    const second = new ApiClient(secondApi.baseUrl);
    const pods = (full['STATIC_PODS'] ?? '').split(',').length;
    await Promise.all([podsAssigned(first, pods), podsAssigned(second, pods)]);
    return { redis, firstApi, secondApi, worker, first, second, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As `Promise.all`, but nothing is still starting when it rejects. */
async function settleAll<T extends readonly Promise<unknown>[]>(starts: readonly [...T]) {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}

/** API and leader work in one process. `env` says whether there is a Redis. */
export async function startCombined(env: Env = {}): Promise<{ app: AppProcess; api: ApiClient }> {
  const app = await startApp('smart-router', { ...FLEET_ENV, ...env });
  return { app, api: new ApiClient(app.baseUrl) };
}

export async function podsAssigned(api: ApiClient, count: number): Promise<void> {
  await waitFor(async () => sum(Object.values((await api.status()).body.pools), 'assigned') === count, {
    timeoutMs: 20_000,
    description: `${count} pods to be assigned`,
  });
}

function sum<Key extends string>(items: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return items.reduce((total, item) => total + item[key], 0);
}
