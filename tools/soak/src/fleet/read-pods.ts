import type { ApiClient, AppProcess, HttpReply, Pod } from '@smart-router/testbed';

/** All pods, as the first process that answers shows them. @throws where none does */
export async function readPods(apis: readonly AppProcess[]): Promise<readonly Pod[]> {
  const { pods, next_cursor } = await readFromAny(apis, (api) => api.pods('?limit=500'));
  if (next_cursor !== null) throw new Error('there are more pods than were started');
  return pods;
}

/** Pods that may take a call, and live calls, summed over all pools. @throws where no process reaches the store */
export async function readTotals(apis: readonly AppProcess[]): Promise<{ available: number; activeCalls: number }> {
  const { active_calls, pools, status } = await readFromAny(apis, (api) => api.status());
  if (status !== 'up') throw new Error('the store is down');
  return { available: Object.values(pools).reduce((sum, pool) => sum + pool.available, 0), activeCalls: active_calls };
}

type Ask<Body> = (api: ApiClient) => Promise<HttpReply<Body>>;

function readFromAny<Body>(apis: readonly AppProcess[], ask: Ask<Body>): Promise<Body> {
  return Promise.any(
    apis.map(async ({ api }) => {
      const { status, text, body } = await ask(api);
      if (status === 200) return body;
      throw new Error(`answered with ${status}: ${text}`);
    }),
  );
}
