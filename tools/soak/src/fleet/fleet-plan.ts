interface Tier {
  readonly name: string;
  readonly type: 'exclusive' | 'shared';
  readonly podsPerClient: number;
  readonly maxConcurrent: number;
}

/** Room for a third of the clients: pods change hands all the time, and often there is none. */
const TIERS: readonly Tier[] = [
  { name: 'gold', type: 'exclusive', podsPerClient: 0.1, maxConcurrent: 1 },
  { name: 'standard', type: 'exclusive', podsPerClient: 0.12, maxConcurrent: 1 },
  { name: 'basic', type: 'shared', podsPerClient: 0.04, maxConcurrent: 3 },
];

/** Which pods there are, and how the product is to use them. */
export class FleetPlan {
  /** In the order in which the leader fills the tiers, as their targets are the numbers of pods. */
  readonly podNames: readonly string[];
  /** For the setting of this name. */
  readonly tierConfig: string;

  /** @param clients that ask for pods at the same time */
  constructor(clients: number) {
    const tiers = TIERS.map((tier) => ({ ...tier, pods: Math.ceil(tier.podsPerClient * clients) }));
    const pods = tiers.reduce((sum, tier) => sum + tier.pods, 0);
    this.podNames = Array.from({ length: pods }, (_, index) => `voice-agent-${index}`);
    this.tierConfig = JSON.stringify({
      tiers: Object.fromEntries(
        tiers.map(({ name, type, pods: target, maxConcurrent }) => [
          name,
          { type, target, ...(type === 'shared' ? { max_concurrent: maxConcurrent } : {}) },
        ]),
      ),
      default_chain: tiers.map(({ name }) => name),
    });
  }

  /** The product decides which pod comes into which tier, so a pod may have what its tier allows. */
  maxCallsOf(tierOfPod: ReadonlyMap<string, string>): Map<string, number> {
    const maxOfTier = new Map(TIERS.map(({ name, maxConcurrent }) => [name, maxConcurrent]));
    return new Map([...tierOfPod].map(([pod, tier]) => [pod, maxOfTier.get(tier) ?? 0]));
  }
}
