import { FleetPlan } from './fleet-plan';

interface TierConfig {
  readonly tiers: Readonly<Record<string, { readonly target: number; readonly max_concurrent?: number }>>;
}

describe('FleetPlan', () => {
  const roomOf = ({ tierConfig }: FleetPlan): number =>
    Object.values((JSON.parse(tierConfig) as TierConfig).tiers).reduce(
      (sum, { target, max_concurrent = 1 }) => sum + target * max_concurrent,
      0,
    );

  it.each([200, 50, 5])('has room for fewer calls than there are clients when there are %d', (clients) => {
    const plan = new FleetPlan(clients);

    expect(roomOf(plan)).toBeLessThanOrEqual(clients);
    expect(new Set(plan.podNames).size).toBe(plan.podNames.length);
  });

  it('gives a pod what its tier allows', () => {
    const tiers = new Map([
      ['a', 'gold'],
      ['b', 'basic'],
      ['c', 'unheard-of'],
    ]);

    expect([...new FleetPlan(10).maxCallsOf(tiers).values()]).toEqual([1, 3, 0]);
  });
});
