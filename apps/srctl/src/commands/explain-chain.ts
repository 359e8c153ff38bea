import type { Schemas } from '@smart-router/api-client';

type Pool = Schemas['PoolStatusBody'];
type Pools = Readonly<Record<string, Pool>>;

/** What a pool would answer to a call now, and whether the call gets its pod there. */
export interface Attempt {
  readonly pool: string;
  readonly available: number;
  readonly answer: string;
  readonly gives: boolean;
}

/** The pools of a chain with what each would answer, from the counts of `/status`. */
export function explainChain(chain: readonly string[], pools: Pools): Attempt[] {
  const giver = chain.find((pool) => (pools[pool]?.available ?? 0) > 0);
  return chain.map((pool) => ({
    pool,
    available: pools[pool]?.available ?? 0,
    answer: answerOfPool(pools[pool]),
    gives: pool === giver,
  }));
}

/** The words are those of `chain` in the API; `/status` does not show whether pods are full or not ready. */
function answerOfPool(pool: Pool | undefined): string {
  if (pool === undefined) return 'unknown_pool';
  if (pool.available > 0) return 'has room';
  if (pool.assigned === 0) return 'no_pods';
  return pool.draining >= pool.assigned ? 'draining' : 'full or not_ready';
}
