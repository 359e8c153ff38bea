import fc from 'fast-check';
import { assignPool, type DesiredPools } from './desired-pools';

const POOLS = ['merchant:acme', 'gold', 'standard', 'overflow', 'basic'];

function pools(targets: Readonly<Record<string, number>>, overflowPool: string): DesiredPools {
  const policy = { type: 'exclusive', maxConcurrent: 1 } as const;
  const byPriority = new Map(Object.entries(targets).map(([pool, target]) => [pool, { policy, target }]));
  return { byPriority, starting: 'standard', overflowPool };
}

const anyDesired = fc
  .record({
    names: fc.subarray(POOLS, { minLength: 1 }),
    targets: fc.array(fc.nat(4), { minLength: POOLS.length, maxLength: POOLS.length }),
    overflowPool: fc.nat(),
  })
  .map(({ names, targets, overflowPool }) =>
    pools(
      Object.fromEntries(names.map((name, i) => [name, targets[i] as number])),
      names[overflowPool % names.length] as string,
    ),
  );
const anyCounts = fc.dictionary(fc.constantFrom(...POOLS), fc.nat(5)).map((counts) => new Map(Object.entries(counts)));

describe('assignPool', () => {
  const desired = pools({ 'merchant:acme': 1, gold: 2, overflow: 1, basic: 0 }, 'overflow');

  it('returns the former pool when it still exists, even though it is full', () => {
    expect(assignPool(desired, new Map([['basic', 9]]), 'basic')).toBe('basic');
  });

  it('returns a dedicated pool first when it is under its target', () => {
    expect(assignPool(desired, new Map())).toBe('merchant:acme');
  });

  it('gives the starting tier one pod before any other tier gets any, and then goes by priority', () => {
    const tiers = pools({ 'merchant:acme': 1, gold: 2, standard: 2, overflow: 1 }, 'overflow');
    const counts = new Map<string, number>();
    const order = Array.from({ length: 7 }, () => {
      const pool = assignPool(tiers, counts);
      counts.set(pool, (counts.get(pool) ?? 0) + 1);
      return pool;
    });
    expect(order).toEqual(['merchant:acme', 'standard', 'gold', 'gold', 'standard', 'overflow', 'overflow']);
  });

  it('gives the starting tier none that wants none', () => {
    expect(assignPool(pools({ gold: 1, standard: 0 }, 'standard'), new Map())).toBe('gold');
  });

  it('returns the next pool under its target when those before it are full or over', () => {
    const counts = new Map([
      ['merchant:acme', 3],
      ['gold', 1],
    ]);
    expect(assignPool(desired, counts)).toBe('gold');
  });

  it('returns the overflow pool when all have what they want', () => {
    const counts = new Map(POOLS.map((pool) => [pool, 5]));
    expect(assignPool(desired, counts)).toBe('overflow');
  });

  it('assigns like a new pod when the former pool is gone', () => {
    expect(assignPool(desired, new Map([['merchant:acme', 1]]), 'removed')).toBe('gold');
  });

  it('always returns a desired pool', () => {
    fc.assert(
      fc.property(
        anyDesired,
        anyCounts,
        fc.option(fc.constantFrom(...POOLS), { nil: undefined }),
        (any, counts, former) => {
          expect(any.byPriority.has(assignPool(any, counts, former))).toBe(true);
        },
      ),
    );
  });

  it('skips no pool under its target, and fills none over it but the overflow pool', () => {
    fc.assert(
      fc.property(anyDesired, anyCounts, (any, counts) => {
        const chosen = assignPool(any, counts);
        const underTarget = [...any.byPriority].filter(([pool, { target }]) => (counts.get(pool) ?? 0) < target);
        const first = underTarget[0]?.[0] ?? any.overflowPool;
        expect([first, ...((counts.get(any.starting) ?? 0) > 0 ? [] : [any.starting])]).toContain(chosen);
        expect(underTarget.length === 0 || underTarget.some(([pool]) => pool === chosen)).toBe(true);
      }),
    );
  });

  it('fills every pool to its target before the rest overflows, when pods come one by one', () => {
    fc.assert(
      fc.property(anyDesired, fc.nat(30), (any, pods) => {
        const counts = new Map<string, number>();
        for (let i = 0; i < pods; i++) {
          const pool = assignPool(any, counts);
          counts.set(pool, (counts.get(pool) ?? 0) + 1);
        }
        const wanted = [...any.byPriority.values()].reduce((sum, { target }) => sum + target, 0);
        const filled = [...any.byPriority].map(([pool, { target }]) => Math.min(target, counts.get(pool) ?? 0));
        expect(filled.reduce((sum, count) => sum + count, 0)).toBe(Math.min(wanted, pods));
      }),
    );
  });
});
