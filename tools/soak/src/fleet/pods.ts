interface Tier {
  readonly name: string;
  readonly type: 'exclusive' | 'shared';
  readonly pods: number;
  readonly maxConcurrent: number;
}

/** Room for fewer calls than there are clients by default, so that pods change hands all the time. */
const TIERS: readonly Tier[] = [
  { name: 'gold', type: 'exclusive', pods: 30, maxConcurrent: 1 },
  { name: 'standard', type: 'exclusive', pods: 50, maxConcurrent: 1 },
  { name: 'basic', type: 'shared', pods: 16, maxConcurrent: 5 },
];

const PODS = TIERS.flatMap((tier) => Array.from({ length: tier.pods }, () => tier));

/** In the order in which the leader fills the tiers, as their targets are the numbers of pods. */
export const POD_NAMES: readonly string[] = PODS.map((_, index) => `voice-agent-${index}`);

export const TIER_CONFIG: string = JSON.stringify({
  tiers: Object.fromEntries(
    TIERS.map(({ name, type, pods, maxConcurrent }) => [
      name,
      { type, target: pods, ...(type === 'shared' ? { max_concurrent: maxConcurrent } : {}) },
    ]),
  ),
  default_chain: TIERS.map(({ name }) => name),
});

/** The product decides which pod comes into which tier, so a pod may have what its tier allows. */
export function maxCallsOf(tierOfPod: ReadonlyMap<string, string>): Map<string, number> {
  const maxOfTier = new Map(TIERS.map(({ name, maxConcurrent }) => [name, maxConcurrent]));
  return new Map([...tierOfPod].map(([pod, tier]) => [pod, maxOfTier.get(tier) ?? 0]));
}
