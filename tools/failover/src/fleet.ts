import { type AppProcess, startApp, waitFor } from '@smart-router/test-processes';
import type { RedisSetup } from './redis-setup';

export const POD_NAMES: readonly string[] = Array.from({ length: 80 }, (_, index) => `voice-agent-${index}`);
const START_TIMEOUT_MS = 60_000;

export interface Fleet {
  /** One on each side of a partition; the first is beside the old master. */
  readonly apis: readonly AppProcess[];
  stop(): Promise<void>;
}

interface PoolStatus {
  readonly assigned: number;
  readonly available: number;
}

/** Resolves when all pods, each for one call, are offered. */
export async function startFleet(redis: RedisSetup, env: Readonly<Record<string, string>>): Promise<Fleet> {
  const shared = {
    STATIC_PODS: POD_NAMES.join(','),
    TIER_CONFIG: JSON.stringify({ standard: { type: 'exclusive', target: POD_NAMES.length } }),
    HTTP_HOST: '127.0.0.1',
    SHUTDOWN_DELAY: '0s',
    RECONCILE_INTERVAL: '5s',
    CLEANUP_INTERVAL: '2s',
    LOG_LEVEL: 'warn',
    ...env,
  };
  const apps: AppProcess[] = [];
  const start = async (name: 'api' | 'leader-worker', side: Readonly<Record<string, string>>): Promise<AppProcess> => {
    const app = await startApp(name, { ...shared, ...side, LOG_LEVEL: 'info' });
    apps.push(app);
    return app;
  };
  const stop = async (): Promise<void> => void (await Promise.all(apps.map((app) => app.kill())));
  try {
    await start('leader-worker', redis.majority);
    const apis = [await start('api', redis.minority), await start('api', redis.majority)];
    await isIdle(apis);
    return { apis, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves when all pods are offered, as every process of the API sees. @throws where they are not in time */
export async function isIdle(apis: readonly AppProcess[]): Promise<void> {
  for (const { baseUrl } of apis) {
    await waitFor(async () => (await readPool(baseUrl))?.available === POD_NAMES.length, {
      timeoutMs: START_TIMEOUT_MS,
      description: 'all pods to be offered',
    });
  }
}

/** How many pods are not offered when there are no calls any more. */
export async function countLeaks(apis: readonly AppProcess[], timeoutMs: number): Promise<number> {
  const [api] = apis;
  const missing = async (): Promise<number> =>
    POD_NAMES.length - ((await readPool(api?.baseUrl ?? ''))?.available ?? POD_NAMES.length);
  await waitFor(async () => (await missing()) === 0, { timeoutMs, description: 'an idle fleet' }).catch(() => {
    // What is not idle is counted below.
  });
  return missing();
}

async function readPool(baseUrl: string): Promise<PoolStatus | undefined> {
  const response = await fetch(`${baseUrl}/api/v1/status`, { signal: AbortSignal.timeout(5_000) });
  const { pools } = (await response.json()) as { readonly pools: Readonly<Record<string, PoolStatus>> };
  return pools['standard'];
}
