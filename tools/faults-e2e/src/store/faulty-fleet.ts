import {
  type AppProcess,
  PATIENT_LIMITS,
  type RedisProcess,
  startApp,
  startRedis,
  TcpFaultProxy,
  waitFor,
} from '@smart-router/testbed';
import { type Answer, get, post } from './http';

export const POD_COUNT = 6;
const PODS = Array.from({ length: POD_COUNT }, (_, index) => `voice-agent-${index}`);
const READY_TIMEOUT_MS = 20_000;

/** An API process whose line to Redis can be made bad, another one and a leader with a good line. */
export interface FaultyFleet {
  readonly redis: RedisProcess;
  readonly line: TcpFaultProxy;
  /** Reaches Redis through `line`. */
  readonly faulty: AppProcess;
  readonly healthy: AppProcess;
  readonly leader: AppProcess;
  stop(): Promise<void>;
}

export interface FaultyFleetOptions {
  readonly redisArgs?: readonly string[];
  readonly redisEnv?: Readonly<Record<string, string>>;
  /** Of the apps, on top of patient limits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of `faulty` alone, on top of that. */
  readonly faultyEnv?: Readonly<Record<string, string>>;
}

/** Resolves when all pods, each for one call, are registered. */
export async function startFaultyFleet(options: FaultyFleetOptions = {}): Promise<FaultyFleet> {
  const redis = await startRedis({ args: options.redisArgs ?? [], env: options.redisEnv ?? {} });
  const line = await TcpFaultProxy.start({ target: `127.0.0.1:${redis.port}` });
  const started: AppProcess[] = [];
  const start = async (name: 'api' | 'leader-worker', port: number, env = {}): Promise<AppProcess> => {
    const app = await startApp(name, {
      ...PATIENT_LIMITS,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      STATIC_PODS: PODS.join(','),
      TIER_CONFIG: JSON.stringify({ standard: { type: 'exclusive', target: POD_COUNT } }),
      HTTP_HOST: '127.0.0.1',
      SHUTDOWN_DELAY: '0s',
      RECONCILE_INTERVAL: '1s',
      ...options.env,
      ...env,
    });
    started.push(app);
    return app;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((app) => app.kill()));
    await line.close();
    await redis.kill();
  };
  try {
    const leader = await start('leader-worker', redis.port);
    const healthy = await start('api', redis.port);
    const faulty = await start('api', line.port, options.faultyEnv);
    await hasAvailable(healthy, POD_COUNT);
    return { redis, line, faulty, healthy, leader, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export const allocate = (app: AppProcess, callSid: string): Promise<Answer> =>
  post(app, '/allocate', { call_sid: callSid });

export const release = (app: AppProcess, callSid: string): Promise<Answer> =>
  post(app, '/release', { call_sid: callSid });

/** Waits until so many pods may take a call and no more than the others have one. */
export async function hasAvailable(app: AppProcess, count: number): Promise<void> {
  await waitFor(
    async () => {
      const { body } = await get(app, '/status');
      const pools = body['pools'] as Record<string, { assigned: number; available: number; active_calls: number }>;
      const pool = pools['standard'];
      return pool?.assigned === POD_COUNT && pool.available === count && pool.active_calls === POD_COUNT - count;
    },
    { timeoutMs: READY_TIMEOUT_MS, description: `${count} pods to be available` },
  );
}

/** Repeats the allocation until it is decided, as a provider repeats its webhook. */
export async function allocateAtLast(app: AppProcess, callSid: string): Promise<Answer> {
  return waitFor(
    async () => {
      const answer = await allocate(app, callSid);
      return answer.status === 200 && answer;
    },
    { timeoutMs: READY_TIMEOUT_MS, description: `${callSid} to get a pod` },
  ) as Promise<Answer>;
}
