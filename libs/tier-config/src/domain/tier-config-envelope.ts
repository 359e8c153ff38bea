import type { TierConfig, TierPolicy } from './tier-config';

interface PolicyJson {
  readonly type: TierPolicy['type'];
  readonly target: number;
  readonly max_concurrent?: number;
}

/** The form that is stored and that the API shows. `parseTierConfig` reads it back. */
interface TierConfigEnvelope {
  readonly version: number;
  readonly updated_at: string | null;
  readonly tiers: Readonly<Record<string, PolicyJson>>;
  readonly dedicated_pools?: Readonly<Record<string, PolicyJson>>;
  readonly default_chain: readonly string[];
  readonly default_tier: string;
}

/** @returns the config in full: nothing is left to a default */
export function tierConfigEnvelope(config: TierConfig): TierConfigEnvelope {
  return {
    version: config.version,
    updated_at: config.updatedAt,
    tiers: policiesJson(config.tiers),
    ...(config.dedicatedPools.size > 0 && { dedicated_pools: policiesJson(config.dedicatedPools) }),
    default_chain: config.defaultChain,
    default_tier: config.defaultTier,
  };
}

/** @returns the text for the store */
export function serialiseTierConfig(config: TierConfig): string {
  return JSON.stringify(tierConfigEnvelope(config));
}

/** Whether both say the same, whatever their versions. */
export function haveSameContent(one: TierConfig, other: TierConfig): boolean {
  const content = (config: TierConfig): string => serialiseTierConfig({ ...config, version: 0, updatedAt: null });
  return content(one) === content(other);
}

function policiesJson(policies: ReadonlyMap<string, TierPolicy>): Record<string, PolicyJson> {
  return Object.fromEntries([...policies].map(([name, policy]) => [name, policyJson(policy)]));
}

function policyJson({ type, target, maxConcurrent }: TierPolicy): PolicyJson {
  return type === 'shared' ? { type, target, max_concurrent: maxConcurrent } : { type, target };
}
