import fc from 'fast-check';
import type { DesiredPools } from './desired-pools';
import { planMoves, type MovablePod, type Move } from './plan-moves';

const POOLS = ['merchant:acme', 'gold', 'standard', 'basic'];

function desiredOf(targets: readonly number[]): DesiredPools {
  const policy = { type: 'exclusive', maxConcurrent: 1 } as const;
  const byPriority = new Map(POOLS.map((pool, i) => [pool, { policy, target: targets[i] as number }]));
  return { byPriority, starting: 'standard', overflowPool: 'basic' };
}

function countsOf(pods: readonly MovablePod[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { pool } of pods) counts.set(pool, (counts.get(pool) ?? 0) + 1);
  return counts;
}

function carriedOut(pods: readonly MovablePod[], moves: readonly Move[]): MovablePod[] {
  const targets = new Map(moves.map(({ podName, to }) => [podName, to]));
  return pods.map((pod) => ({ ...pod, pool: targets.get(pod.podName) ?? pod.pool }));
}

const anyTargets = fc.array(fc.nat(5), { minLength: POOLS.length, maxLength: POOLS.length });
const anyPods = fc
  .array(fc.tuple(fc.constantFrom(...POOLS), fc.constantFrom('available', 'allocated', 'draining')), { maxLength: 20 })
  .map((pods) => pods.map(([pool, status], i): MovablePod => ({ podName: `pod-${i}`, pool, status })));

describe('planMoves', () => {
  it('returns moves from the least important pool first when several have too many', () => {
    const pods = ['gold', 'gold', 'basic', 'basic'].map((pool, i): MovablePod => ({
      podName: `pod-${i}`,
      pool,
      status: 'available',
    }));
    expect(planMoves(desiredOf([0, 1, 1, 1]), countsOf(pods), pods)).toEqual([
      { podName: 'pod-2', from: 'basic', to: 'standard' },
    ]);
  });

  it('returns nothing when no pool has too few, whatever others have too many', () => {
    const pods = [{ podName: 'pod-1', pool: 'basic', status: 'available' }] as const;
    expect(planMoves(desiredOf([0, 0, 0, 0]), countsOf(pods), pods)).toEqual([]);
  });

  it('gives the starting tier its first pod from the least important tier that has an idle one', () => {
    const pods: MovablePod[] = [
      { podName: 'pod-0', pool: 'merchant:acme', status: 'available' },
      { podName: 'pod-1', pool: 'gold', status: 'available' },
      { podName: 'pod-2', pool: 'basic', status: 'allocated' },
    ];
    const move = { podName: 'pod-1', from: 'gold', to: 'standard' };
    expect(planMoves(desiredOf([1, 2, 3, 1]), countsOf(pods), pods)).toEqual([move]);
    expect(planMoves(desiredOf([1, 2, 0, 1]), countsOf(pods), pods)).toEqual([]);
  });

  it('never names a pod that is busy or draining, and no pod twice', () => {
    fc.assert(
      fc.property(anyTargets, anyPods, (targets, pods) => {
        const moves = planMoves(desiredOf(targets), countsOf(pods), pods);
        const idle = new Set(pods.filter(({ status }) => status === 'available').map(({ podName }) => podName));
        for (const { podName } of moves) expect(idle.delete(podName)).toBe(true);
      }),
    );
  });

  it('brings no pool below its target by giving or above it by taking', () => {
    fc.assert(
      fc.property(anyTargets, anyPods, (targets, pods) => {
        const before = countsOf(pods);
        const after = countsOf(carriedOut(pods, planMoves(desiredOf(targets), before, pods)));
        for (const [pool, { target }] of desiredOf(targets).byPriority) {
          const [was, is] = [before.get(pool) ?? 0, after.get(pool) ?? 0];
          const lends = (before.get('standard') ?? 0) === 0 && after.get('standard') === 1;
          if (was >= target) expect(is).toBeGreaterThanOrEqual(lends ? target - 1 : target);
          if (is > was) expect(is).toBeLessThanOrEqual(target);
        }
      }),
    );
  });

  it('leaves nothing to move when it is carried out', () => {
    fc.assert(
      fc.property(anyTargets, anyPods, (targets, pods) => {
        const desired = desiredOf(targets);
        const moved = carriedOut(pods, planMoves(desired, countsOf(pods), pods));
        expect(planMoves(desired, countsOf(moved), moved)).toEqual([]);
      }),
    );
  });

  it('leaves no pool with too few while an idle pod is in one with too many', () => {
    fc.assert(
      fc.property(anyTargets, anyPods, (targets, pods) => {
        const desired = desiredOf(targets);
        const moved = carriedOut(pods, planMoves(desired, countsOf(pods), pods));
        const counts = countsOf(moved);
        const has = (pool: string): number => counts.get(pool) ?? 0;
        const targetOf = (pool: string): number => desired.byPriority.get(pool)?.target ?? 0;
        const spare = moved.some(({ pool, status }) => status === 'available' && has(pool) > targetOf(pool));
        const short = POOLS.some((pool) => has(pool) < targetOf(pool));
        expect(spare && short).toBe(false);
      }),
    );
  });
});
