export type KeyType = 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream';

export interface KeyDeclaration {
  /** Without the prefix; `{…}` is what the key is of. */
  readonly name: string;
  readonly type: KeyType;
}

/**
 * The keys of the store; what they hold is in `docs/reference/keys.md`. The scripts get them under the same names, `LEASE_ENDS` and
 * `pod_calls_key(pod)` for `leaseEnds` and `podCalls`, and their types for `check_types` (`script-declarations.ts`).
 */
export const KEYS = {
  pools: { name: 'pools', type: 'hash' },
  pods: { name: 'pods', type: 'zset' },
  podMetadata: { name: 'pod:metadata', type: 'hash' },
  drains: { name: 'pods:draining', type: 'zset' },
  pod: { name: 'pod:{pod}', type: 'hash' },
  podPool: { name: 'pod:tier:{pod}', type: 'string' },
  podDrain: { name: 'pod:draining:{pod}', type: 'string' },
  podCalls: { name: 'pod:calls:{pod}', type: 'zset' },
  lease: { name: 'lease:{pod}', type: 'string' },

  call: { name: 'call:{call_sid}', type: 'hash' },
  ended: { name: 'ended:{call_sid}', type: 'string' },
  released: { name: 'released:{call_sid}', type: 'string' },
  past: { name: 'past:{call_sid}', type: 'string' },
  pastCount: { name: 'calls:past:{status}', type: 'string' },
  leaseEnds: { name: 'calls:expiry', type: 'zset' },
  callPods: { name: 'calls:pod', type: 'hash' },
  grants: { name: 'calls:granted', type: 'string' },
  // Apart from the marks of ends, as a call may have any name.
  unknownEnds: { name: 'unknown-ends:{owner}', type: 'string' },

  merchantConfig: { name: 'merchant:config', type: 'hash' },
  merchantHistory: { name: 'merchant:config:history:{merchant}', type: 'list' },
  merchantChanges: { name: 'merchant:config:changed', type: 'zset' },
  tierConfig: { name: 'tier:config', type: 'string' },
  tierConfigVersion: { name: 'tier:config:version', type: 'string' },
  tierConfigHistory: { name: 'tier:config:history', type: 'list' },
  changes: { name: 'changes', type: 'stream' },

  leader: { name: 'leader', type: 'hash' },
  epoch: { name: 'leader:epoch', type: 'string' },
  nextEpoch: { name: 'leader:epoch:next', type: 'string' },
  leaderLease: { name: 'leader:lease', type: 'string' },
  generation: { name: 'era', type: 'string' },
  hold: { name: 'era:hold', type: 'string' },
  members: { name: 'era:members', type: 'zset' },
  reported: { name: 'era:reported', type: 'hash' },

  instance: { name: 'instance', type: 'string' },
  /** Never written: commands on it prove that the server takes writes. */
  probe: { name: 'probe', type: 'string' },
  audit: { name: 'audit', type: 'stream' },
  auditSequence: { name: 'audit:sequence', type: 'string' },
} as const satisfies Readonly<Record<string, KeyDeclaration>>;

/**
 * Below `pool:{tier}` or `merchant:{pool}`, see `pool_base` in `scripts/includes/keys.lua`; only scripts use them. The
 * structures of available pods, which have either of two types, are spelled there.
 */
export const POOL_KEYS = {
  assigned: { name: 'assigned', type: 'set' },
  poolCalls: { name: 'calls', type: 'set' },
  poolDrains: { name: 'draining', type: 'set' },
} as const satisfies Readonly<Record<string, KeyDeclaration>>;

type Keys = typeof KEYS;
type NameOf<Name extends string> = Name extends `${string}{${string}` ? (of: string) => string : string;

/** Keys with their prefix. One that is of something is a function. */
export type KeyNames = { readonly [Key in keyof Keys]: NameOf<Keys[Key]['name']> } & {
  readonly prefix: string;
  /** The publish/subscribe channel of a hint. */
  readonly channel: (hint: string) => string;
};

/** @param prefix what every key starts with; on a cluster it holds a hash tag, as in `{voice}:` */
export function keyNames(prefix: string): KeyNames {
  const names = Object.entries(KEYS).map(([key, { name }]) => {
    const [before = '', parameter] = name.split('{');
    return [key, parameter === undefined ? prefix + name : (of: string) => prefix + before + of] as const;
  });
  return { ...(Object.fromEntries(names) as KeyNames), prefix, channel: (hint) => `${prefix}hint:${hint}` };
}
