import { type AppProcess, startApp, waitFor } from '@smart-router/testbed';
import type { RedisSetup } from './redis-setup';

const START_TIMEOUT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** As many as a page may hold: what has leaked is never more. */
const PAGE = 500;

export const DEFAULT_PODS = 80;

/** Three processes of the API: one beside the old master, two on the side of the majority. */
export interface Fleet {
  readonly podNames: readonly string[];
  readonly apis: readonly [AppProcess, AppProcess, AppProcess];
  stop(): Promise<void>;
}

interface Status {
  readonly active_calls: number;
  readonly pools: Readonly<Record<string, { readonly available: number } | undefined>>;
}

/** Resolves when all pods, each for one call, are offered; two workers compete for the lead. */
export async function startFleet(
  redis: RedisSetup,
  env: Readonly<Record<string, string>>,
  podCount: number,
): Promise<Fleet> {
  const podNames = Array.from({ length: podCount }, (_, index) => `voice-agent-${index}`);
  const shared = {
    STATIC_PODS: podNames.join(','),
    TIER_CONFIG: JSON.stringify({ standard: { type: 'exclusive', target: podCount } }),
    HTTP_HOST: '127.0.0.1',
    SHUTDOWN_DELAY: '0s',
    RECONCILE_INTERVAL: '5s',
    CLEANUP_INTERVAL: '2s',
    ...env,
    LOG_LEVEL: 'info',
  };
  const apps: AppProcess[] = [];
  const start = async (name: 'api' | 'leader-worker', side: Readonly<Record<string, string>>): Promise<AppProcess> => {
    const app = await startApp(name, { ...shared, ...side });
    apps.push(app);
    return app;
  };
  const stop = async (): Promise<void> => void (await Promise.all(apps.map((app) => app.kill())));
  try {
    for (let worker = 0; worker < 2; worker++) {
      await start('leader-worker', { ...redis.majority, LEADER_ELECTION: 'redis' });
    }
    const beside = await start('api', redis.minority);
    const apis = [beside, await start('api', redis.majority), await start('api', redis.majority)] as const;
    for (const { baseUrl } of apis) await isOffered(baseUrl, podCount);
    return { podNames, apis, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function isOffered(baseUrl: string, podCount: number): Promise<void> {
  await waitFor(async () => (await readStatus(baseUrl)).pools['standard']?.available === podCount, {
    timeoutMs: START_TIMEOUT_MS,
    description: 'all pods to be offered',
  });
}

/** What all processes that are ready see when all calls have ended and the product had time to come to rest. */
export interface Rest {
  /** Pods that are still taken, or calls that are still known or counted, whichever are more. */
  readonly leaks: number;
  /** Processes of the API that are not ready. */
  readonly stuck: number;
}

/** Waits until nothing is left, for this time at most. @throws where no process is ready then */
export async function readRest(fleet: Fleet, timeoutMs: number): Promise<Rest> {
  let rest: Rest | undefined;
  const isIdle = async (): Promise<boolean> => {
    rest = await lookAround(fleet);
    return rest.leaks === 0 && rest.stuck === 0;
  };
  await waitFor(isIdle, { timeoutMs, description: 'an idle fleet' }).catch((error: unknown) => {
    if (rest === undefined) throw error;
  });
  return rest as Rest;
}

async function lookAround({ apis, podNames }: Fleet): Promise<Rest> {
  const ready = await Promise.all(apis.map(isReady));
  const served = apis.find((_, index) => ready[index]);
  if (!served) throw new Error('no process of the API is ready');
  const { active_calls: counted, pools } = await readStatus(served.baseUrl);
  const taken = podNames.length - (pools['standard']?.available ?? 0);
  const leaks = Math.max(taken, counted, await countCalls(served.baseUrl));
  return { leaks, stuck: ready.filter((isOne) => !isOne).length };
}

function isReady({ baseUrl }: AppProcess): Promise<boolean> {
  return get(`${baseUrl}/ready`).then(
    () => true,
    () => false,
  );
}

async function readStatus(baseUrl: string): Promise<Status> {
  return (await get(`${baseUrl}/api/v1/status`)) as Status;
}

async function countCalls(baseUrl: string): Promise<number> {
  return ((await get(`${baseUrl}/api/v1/calls?limit=${PAGE}`)) as { readonly calls: readonly unknown[] }).calls.length;
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Calls that the pools count and that nobody can list, or the other way round. */
export async function countMismatch({ apis: [{ baseUrl }] }: Fleet): Promise<number> {
  return Math.abs((await readStatus(baseUrl)).active_calls - (await countCalls(baseUrl)));
}
