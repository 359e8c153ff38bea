import { type ApiClient, type AppProcess, newFleet, waitFor } from '@smart-router/testbed';
import type { RedisSetup } from './redis-setup';

/** As many as a page may hold: what has leaked is never more. */
const PAGE = 500;
const KEPT_LINES = 200;

export const DEFAULT_PODS = 80;

/** Three processes of the API: one beside the old master, two on the side of the majority. */
export interface Fleet {
  readonly podNames: readonly string[];
  readonly apis: readonly [AppProcess, AppProcess, AppProcess];
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly pods: number;
  /** The folder of the built apps. Default `dist/apps`. */
  readonly apps?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** Resolves when all pods, each for one call, are offered; two workers compete for the lead. */
export async function startFleet(redis: RedisSetup, { pods, apps, env }: FleetOptions): Promise<Fleet> {
  const all = newFleet()
    .productLimits()
    .withoutRedis()
    .pods(pods)
    .apps({ keepLines: KEPT_LINES, ...(apps !== undefined && { folder: apps }) })
    .env({ RECONCILE_INTERVAL: '5s', CLEANUP_INTERVAL: '2s', ...env });
  all.workers(2, { ...redis.majority, LEADER_ELECTION: 'redis' });
  const started = await all.apis(1, redis.minority).apis(2, redis.majority).start();
  const [beside, second, third] = started.apis as [AppProcess, AppProcess, AppProcess];
  return { podNames: started.podNames, apis: [beside, second, third], stop: () => started.stop() };
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
  const ready = await Promise.all(apis.map(({ api }) => api.isReady().catch(() => false)));
  const served = apis.find((_, index) => ready[index]);
  if (!served) throw new Error('no process of the API is ready');
  const { active_calls: counted, pools } = (await served.api.status()).body;
  const taken = podNames.length - (pools['standard']?.available ?? 0);
  const leaks = Math.max(taken, counted, await countCalls(served.api));
  return { leaks, stuck: ready.filter((isOne) => !isOne).length };
}

async function countCalls(api: ApiClient): Promise<number> {
  return (await api.calls(`?limit=${PAGE}`)).body.calls.length;
}

/** Calls that the pools count and that nobody can list, or the other way round. */
export async function countMismatch({ apis: [{ api }] }: Fleet): Promise<number> {
  return Math.abs((await api.status()).body.active_calls - (await countCalls(api)));
}
