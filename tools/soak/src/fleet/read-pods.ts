import type { Replica } from './replica';

export interface PodReading {
  readonly name: string;
  readonly tier: string;
  readonly status: string;
  readonly calls: readonly string[];
}

interface PodPage {
  readonly pods: readonly {
    readonly pod_name: string;
    readonly tier: string;
    readonly status: string;
    readonly calls: readonly string[];
  }[];
  readonly next_cursor: string | null;
}

const ANSWER_TIMEOUT_MS = 5_000;

/** All pods, as the first replica that answers shows them. @throws where none does */
export async function readPods(apis: readonly Replica[]): Promise<PodReading[]> {
  const { pods, next_cursor } = await readFromAny<PodPage>(apis, '/pods?limit=500');
  if (next_cursor !== null) throw new Error('there are more pods than were started');
  return pods.map(({ pod_name, tier, status, calls }) => ({ name: pod_name, tier, status, calls }));
}

/** Pods that may take a call, and live calls, summed over all pools. @throws where no replica reaches the store */
export async function readTotals(apis: readonly Replica[]): Promise<{ available: number; activeCalls: number }> {
  interface Status {
    readonly active_calls: number | null;
    readonly pools: Readonly<Record<string, { readonly available: number }>> | null;
  }
  const { active_calls, pools } = await readFromAny<Status>(apis, '/status');
  if (active_calls === null || pools === null) throw new Error('the store is down');
  return { available: Object.values(pools).reduce((sum, pool) => sum + pool.available, 0), activeCalls: active_calls };
}

function readFromAny<Body>(apis: readonly Replica[], path: string): Promise<Body> {
  return Promise.any(
    apis.map(async ({ url }) => {
      const response = await fetch(`${url}/api/v1${path}`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
      return (await response.json()) as Body;
    }),
  );
}
