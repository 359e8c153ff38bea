import type { ConfigRejection } from './observer';

/** How the config of this process differs from what an operator may expect. */
export interface ConfigDivergence {
  /** Why the stored config is not in force here; `null` where it is. Other replicas may serve it. */
  readonly notFollowed: ConfigRejection | null;
  /** Whether parts of the stored config are unknown here. A replica of another version may know them. */
  readonly isPartlyIgnored: boolean;
  /** Whether the environment names another config than the stored one, which is in force. */
  readonly differsFromEnvironment: boolean;
}

export const NO_DIVERGENCE: ConfigDivergence = {
  ...{ notFollowed: null, isPartlyIgnored: false, differsFromEnvironment: false },
};

/** What a process shows of its tier config to operators. */
interface TierConfigFacts {
  /** Of the config in force. */
  readonly version: number;
  readonly in_force: 'store' | 'environment';
  /** Why the stored config is not in force; `null` where it is. */
  readonly rejected: ConfigRejection | null;
  readonly warnings?: readonly string[];
}

/** @param service whose config it is */
export function tierConfigFacts(service: {
  current(): { readonly version: number };
  adopted(): unknown;
  divergence(): ConfigDivergence;
}): TierConfigFacts {
  const { differsFromEnvironment, isPartlyIgnored, notFollowed } = service.divergence();
  const warnings = [
    ...(notFollowed !== null ? ['TIER_CONFIG_NOT_FOLLOWED'] : []),
    ...(isPartlyIgnored ? ['TIER_CONFIG_PARTLY_IGNORED'] : []),
    ...(differsFromEnvironment ? ['TIER_CONFIG_NOT_OF_ENVIRONMENT'] : []),
  ];
  return {
    version: service.current().version,
    in_force: service.adopted() === null ? 'environment' : 'store',
    rejected: notFollowed,
    ...(warnings.length > 0 && { warnings }),
  };
}
