import type { ScriptReply } from '@smart-router/redis';
import type { PoolPolicy } from '../domain/pool';
import { parseDecision } from './decision-text';
import {
  type Field,
  type Fields,
  flag,
  flatListOf,
  listOf,
  number,
  orNull,
  readFields,
  recordOf,
  type RecordOf,
  text,
  texts,
} from './reply-fields';
import type { ScriptName } from './script-catalogue';

const attempts: Field<ReturnType<typeof parseDecision>> = (value) => parseDecision(text(value));

const POOL_STATS = recordOf({
  pool: text,
  type: text as Field<PoolPolicy['type']>,
  maxConcurrent: number,
  ...{ assigned: number, available: number, activeCalls: number, draining: number },
});

/** As `view_pod` in `includes/views.lua` writes it. */
const POD = recordOf({
  ...{ podName: text, pool: text, incarnation: text, ready: flag, isDraining: flag, leaseCallSid: orNull(text) },
  ...{ calls: texts, drainSinceMs: orNull(number), drainEndsMs: orNull(number), terminating: flag },
});

/** As `view_call` does. */
const CALL = recordOf({
  ...{ callSid: text, podName: text, pool: text, merchantId: text, provider: orNull(text) },
  ...{ allocatedAt: number, expiresAt: number, attempts },
});

const GRANT = { podName: text, pool: text, allocatedAt: number, attempts, number };
const RELEASED = { podName: text, pool: text, wasDraining: flag, grantNumber: number };
const REGISTERED = { pool: text, endedCalls: texts, quarantinedKeys: texts };
const SWEPT = { swept: { cursor: orNull(text), evicted: texts, found: texts } };
const MERCHANT = { text: orNull(text), newestEntry: text };

/** Nothing was done, see `includes/admission.lua`. */
const HELD = { held: {} };
const UNDONE = { ...HELD, late: { storeTimeMs: number } };

/**
 * What each script replies: a list whose first item is the kind of the outcome, then the fields of that kind in this order.
 * What they mean stands at the head of the script. The refusal of a former leader is read apart (`RedisStoreAccess`).
 */
export const REPLIES = {
  allocate: {
    allocated: GRANT,
    existing: { ...GRANT, provider: orNull(text) },
    'foreign-call': {},
    'no-capacity': { attempts },
    'call-ended': {},
    'merchant-config-changed': { merchantConfig: orNull(text) },
    ...UNDONE,
  },
  release: { released: RELEASED, 'unknown-call': { upToNumber: number }, ...UNDONE },
  endCall: { released: RELEASED, 'unknown-call': {}, 'foreign-call': {}, 'too-many-unknown': {}, ...UNDONE },
  heartbeat: { renewed: { podName: text, expiresAt: number }, 'unknown-call': {}, ...UNDONE },
  abandonGrant: { abandoned: { grantNumber: number }, claimed: { endedUpToNumber: orNull(number) }, ...HELD },
  reassertCall: {
    kept: {},
    restored: { pool: text },
    ended: {},
    superseded: { podName: text },
    conflict: { calls: texts },
    'unknown-pod': {},
  },
  reassertRelease: { released: {}, kept: {}, noted: {} },
  checkGeneration: {
    generation: {
      ...{ generation: text, isHeld: flag, areEndsIn: flag, storeTimeUs: number },
      ...{ liveMembers: texts, highestNumber: number },
    },
  },

  drain: { draining: { activeCalls: number }, 'unknown-pod': {} },
  undrain: { undrained: { activeCalls: number }, 'unknown-pod': {}, terminating: {} },
  registerPod: { added: REGISTERED, restarted: REGISTERED, known: REGISTERED, 'unknown-pool': {} },
  removePod: { removed: { endedCalls: texts, quarantinedKeys: texts }, 'unknown-pod': {}, superseded: {} },
  movePod: { moved: { from: text }, busy: {}, 'unknown-pod': {}, 'unknown-pool': {} },
  repairPod: { repaired: { hasChanged: flag, endedCalls: texts, quarantinedKeys: texts }, 'unknown-pod': {} },
  configurePool: { configured: { typeChanged: flag, quarantinedKeys: texts } },
  removePool: { removed: {}, 'has-pods': {}, 'unknown-pool': {} },
  sweepPool: SWEPT,
  sweepIndexes: SWEPT,
  expireLeases: {
    expired: {
      ...{ endedCalls: flatListOf({ callSid: text, podName: text }), endedDrains: texts, more: flag },
      ...{ heldBack: number, hasNewSuspects: flag, storeTimeMs: number },
    },
  },

  claimEpoch: { claimed: { epoch: number } },
  announceLeader: { announced: { renewed: flag } },
  resignLeader: { resigned: {} },
  readLease: { lease: { text: orNull(text) } },
  replaceLease: { replaced: { isStored: flag } },
  identifyStore: {
    instance: { mark: text, sinceMs: number, nowMs: number, text, replicationId: text },
  },

  changeMerchantConfig: { changed: MERCHANT, unchanged: MERCHANT, conflict: MERCHANT },
  readMerchantConfig: { merchant: { text: orNull(text), entries: texts } },
  replaceTierConfig: { replaced: { isStored: flag, hintRefusal: text } },

  fleetStats: {
    stats: { activeCalls: number, leader: texts, pools: listOf(POOL_STATS) },
  },
  findSuspects: { page: { cursor: orNull(text), items: texts } },
  readConditions: {
    page: {
      cursor: orNull(text),
      notReady: listOf(recordOf({ pool: text, pods: number })),
      oldestCallMs: orNull(number),
      oldestDrains: listOf(recordOf({ pool: text, ageMs: number })),
    },
  },
  readPod: { pod: { pod: POD }, 'unknown-pod': {} },
  listPods: { page: { cursor: orNull(text), items: listOf(POD) } },
  readCall: { live: { call: CALL }, past: { text }, 'unknown-call': {} },
  listCalls: { page: { hasMore: flag, lastRead: texts, items: listOf(CALL) } },
} as const satisfies Readonly<Record<ScriptName, Readonly<Record<string, Fields>>>>;

export type PodReply = ReturnType<typeof POD>;
export type PoolReply = ReturnType<typeof POOL_STATS>;

type Kinds = typeof REPLIES;
type ReplyOfKinds<Script> = {
  [Kind in keyof Script]: { readonly kind: Kind } & (Script[Kind] extends Fields ? RecordOf<Script[Kind]> : never);
}[keyof Script];

/** What a script replied, by name. */
export type Reply<Name extends ScriptName> = ReplyOfKinds<Kinds[Name]>;

/** @throws TypeError where the script does not reply as it is declared */
export function readReply<Name extends ScriptName>(name: Name, value: ScriptReply): Reply<Name> {
  const items = Array.isArray(value) ? (value as readonly ScriptReply[]) : [];
  const kind = text(items[0]);
  const fields = (REPLIES[name] as Readonly<Record<string, Fields>>)[kind];
  if (fields === undefined) throw new TypeError(`script ${name} replied with an unknown kind: ${kind}`);
  return readFields(fields, items, 1, { kind }) as Reply<Name>;
}
