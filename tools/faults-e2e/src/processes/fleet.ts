import {
  type AppName,
  type AppProcess,
  PATIENT_LIMITS,
  type RedisProcess,
  startApp,
  startRedis,
  waitFor,
} from '@smart-router/testbed';
import { ask } from './http';

export const POD_COUNT = 6;

type Env = Readonly<Record<string, string>>;

export interface Fleet {
  readonly redis: RedisProcess;
  /** As many as were asked for; each belongs to the fleet and ends with it. */
  startApi(env?: Env): Promise<AppProcess>;
  stop(): Promise<void>;
}

/** A Redis and a leader, with patient limits; every pod takes one call. */
export async function startFleet(): Promise<Fleet> {
  const redis = await startRedis();
  const started: AppProcess[] = [];
  const start = async (name: AppName, env: Env): Promise<AppProcess> => {
    const app = await startApp(name, {
      ...PATIENT_LIMITS,
      REDIS_URL: redis.url,
      STATIC_PODS: Array.from({ length: POD_COUNT }, (_, index) => `voice-agent-${index}`).join(','),
      TIER_CONFIG: JSON.stringify({ standard: { type: 'exclusive', target: POD_COUNT } }),
      HTTP_HOST: '127.0.0.1',
      SHUTDOWN_DELAY: '0s',
      ...env,
    });
    started.push(app);
    return app;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((app) => app.kill()));
    await redis.kill();
  };
  try {
    await start('leader-worker', {});
  } catch (error) {
    await stop();
    throw error;
  }
  const startApi = async (env: Env = {}): Promise<AppProcess> => {
    const api = await start('api', env);
    await waitFor(() => hasAllPods(api), { timeoutMs: 30_000, description: 'all pods to be assigned' });
    return api;
  };
  return { redis, startApi, stop };
}

async function hasAllPods({ baseUrl }: AppProcess): Promise<boolean> {
  const { body } = await ask(`${baseUrl}/api/v1/status`);
  const pools = body['pools'] as Record<string, { readonly assigned: number }>;
  return pools['standard']?.assigned === POD_COUNT;
}
