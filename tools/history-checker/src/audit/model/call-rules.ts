import type { AuditRecord } from '../audit-record';
import { type FleetModel, type ModelCall, type ModelPod, ownerOf, ownersIn } from './fleet-model';
import { complainIf, type Complaint, type OperationRules, type Rule, text, unlessUnknownPod } from './rule';

/** Arguments of an allocation before its chain of pools. */
const CHAIN_START = 9;
/** The one of them that names the request. */
const REQUEST = 7;
/** The provider in whose name it is asked for, and the owners whose calls the request may see. */
const PROVIDER = 3;
const OWNERS = 8;

export const ALLOCATE: OperationRules = {
  'call-ended': (model, { args }) => {
    if (model.liveCall(text(args, 0))) return 'the call lives';
    return complainIf(!model.mayHaveEnded(text(args, 0), ownerOf(text(args, PROVIDER))), 'the call was not ended');
  },
  'foreign-call': (model, record) => mustBeForeign(model, record, text(record.args, OWNERS)),
  held: () => null,
  late: () => null,
  'merchant-config-changed': (model, { args }) => mustBeNew(model, { args }),
  existing: (model, { args, result }) => {
    const call = model.liveCall(text(args, 0));
    if (!call) return 'the call does not live';
    if (model.mustHaveEnded(call.callSid, call.owner)) return 'the call was ended';
    if (isForeign(call, text(args, OWNERS))) return `the call belongs to ${call.owner}`;
    model.meet(call, text(args, REQUEST));
    if (!model.mayStand(call.leaseEndMs)) call.leaseEndMs = leaseEnd(model, { args }, 4);
    return isOther(call, text(result, 1), text(result, 5)) ?? wrongPool(call.sourcePool, text(result, 2));
  },
  'no-capacity': (model, { args }) => {
    const complaint = mustBeNew(model, { args }) ?? mustBeFull(model, args.slice(CHAIN_START));
    model.end(text(args, 0));
    return complaint;
  },
  allocated: (model, record) => {
    const callSid = text(record.args, 0);
    const [podName, pool] = [text(record.result, 1), text(record.result, 2)];
    const grant = Number(text(record.result, 5));
    const isNew = mustBeNew(model, record);
    model.end(callSid);
    const complaint =
      isNew ??
      unlessUnknownPod(model, podName, (pod) => mustBeFree(model, pod, pool)) ??
      mustBeNext(model, record.args.slice(CHAIN_START), pool) ??
      complainIf(grant <= model.newestGrant, `number ${model.newestGrant} was given before`);
    const requests = [text(record.args, REQUEST)].filter((request) => request !== '');
    const owner = ownerOf(text(record.args, PROVIDER));
    const leaseEndMs = leaseEnd(model, record, 4);
    model.hold({ callSid, pod: podName, sourcePool: pool, grant, requests, leaseEndMs, owner });
    return complaint;
  },
};

/** A call that lives keeps its pod, and one that was ended gets none. */
function mustBeNew(model: FleetModel, { args }: Pick<AuditRecord, 'args'>): Complaint {
  const callSid = text(args, 0);
  const live = model.liveCall(callSid);
  if (live) return `the call lives on ${live.pod}`;
  return complainIf(model.mustHaveEnded(callSid, ownerOf(text(args, PROVIDER))), 'the call was ended');
}

/** @param owners those that the request acts for; none: all of them */
function isForeign(call: ModelCall, owners: string): boolean {
  return owners !== '' && !ownersIn(owners).includes(call.owner);
}

function mustBeForeign(model: FleetModel, { args }: Pick<AuditRecord, 'args'>, owners: string): Complaint {
  const call = model.liveCall(text(args, 0));
  return complainIf(!call || !isForeign(call, owners), 'no call of another owner lives');
}

function mustBeFull(model: FleetModel, pools: readonly string[]): Complaint {
  const free = pools.flatMap((pool) => model.podsOf(pool)).find((pod) => model.mustHaveRoom(pod));
  return complainIf(free !== undefined, `${free?.name} of ${free?.pool} had room`);
}

function mustBeFree(model: FleetModel, pod: ModelPod, pool: string): Complaint {
  if (pod.pool !== pool) return `${pod.name} is not of ${pool}`;
  if (!pod.isReady) return `${pod.name} is not ready`;
  if (model.mustDrain(pod)) return `${pod.name} drains`;
  const load = pod.calls.size;
  if (load >= model.maxOf(pool)) return `${pod.name} had ${load} calls: ${[...pod.calls].join(', ')}`;
  const idler = model.podsOf(pool).find((other) => model.mustHaveRoom(other) && other.calls.size < load);
  return complainIf(idler !== undefined, `${idler?.name} had fewer calls than ${pod.name}`);
}

/** The pool is the first of the chain with room. */
function mustBeNext(model: FleetModel, chain: readonly string[], pool: string): Complaint {
  const place = chain.indexOf(pool);
  return place < 0 ? `${pool} is not in the chain` : mustBeFull(model, chain.slice(0, place));
}

function isElsewhere(call: ModelCall, pod: string): Complaint {
  return complainIf(call.pod !== pod, `the call is on ${call.pod}`);
}

function isOther(call: ModelCall, pod: string, grant: string): Complaint {
  return isElsewhere(call, pod) ?? complainIf(call.grant !== Number(grant), `the call has grant ${call.grant}`);
}

function wrongPool(pool: string, recorded: string): Complaint {
  return complainIf(pool !== recorded, `the pool is ${pool}`);
}

/** @param index of the lease time among the arguments; the lifetime of the call's record follows it */
function leaseEnd(model: FleetModel, { args }: Pick<AuditRecord, 'args'>, index: number): number {
  return model.nowMs + Math.min(Number(args[index]), Number(args[index + 1]));
}

const unknownCall: Rule = (model, { args }) => {
  const live = model.liveCall(text(args, 0));
  return complainIf(live !== null, `the call lives on ${live?.pod}`);
};

const released: Rule = (model, { args, result }) => {
  const call = model.liveCall(text(args, 0));
  if (!call) return 'the call does not live';
  const pod = model.pods.get(call.pod);
  const complaint =
    isOther(call, text(result, 1), text(result, 4)) ??
    wrongPool(pod?.pool ?? '', text(result, 2)) ??
    (pod ? drainAsRecorded(model, pod, text(result, 3) === '1') : null);
  model.end(call.callSid);
  return complaint;
};

function drainAsRecorded(model: FleetModel, pod: ModelPod, isDraining: boolean): Complaint {
  if (isDraining) return complainIf(!model.mayDrain(pod), `${pod.name} does not drain`);
  return complainIf(model.mustDrain(pod), `${pod.name} drains`);
}

/** Nothing was done: after a loss of data, which the audit does not hold, or since the command was late. */
const UNDONE: OperationRules = { held: () => null, late: () => null };

export const RELEASE: OperationRules = { ...UNDONE, released, 'unknown-call': unknownCall };

/** Of the report of an end: the highest number that the ended grant can have, where it is repeated, and its owners. */
const END_UP_TO = 3;
const END_OWNERS = 4;

const remember: Rule = (model, { args }) => {
  model.rememberEnded(text(args, 0), ownersIn(text(args, END_OWNERS)), Number(args[1]));
  return null;
};

export const END_CALL: OperationRules = {
  ...UNDONE,
  released: (model, record) => {
    const call = model.liveCall(text(record.args, 0));
    const isOthers = call !== null && isForeign(call, text(record.args, END_OWNERS));
    const complaint = complainIf(isOthers, `the call belongs to ${call?.owner}`) ?? released(model, record);
    model.end(text(record.args, 0));
    remember(model, record);
    return complaint;
  },
  'unknown-call': (model, record) => {
    const call = model.liveCall(text(record.args, 0));
    const upTo = text(record.args, END_UP_TO);
    // A later grant is another one.
    if (call && upTo !== '' && call.grant > Number(upTo)) return null;
    const owners = ownersIn(text(record.args, END_OWNERS));
    const isKnown = owners.every((owner) => model.mustHaveEnded(text(record.args, 0), owner));
    // A report that is made again makes nothing last longer.
    if (upTo !== '' || !isKnown) remember(model, record);
    return unknownCall(model, record);
  },
  'too-many-unknown': unknownCall,
  'foreign-call': (model, record) => {
    // What was acknowledged before the call of the other came is acknowledged still.
    if (text(record.args, END_UP_TO) !== '') remember(model, record);
    return mustBeForeign(model, record, text(record.args, END_OWNERS));
  },
};

export const HEARTBEAT: OperationRules = {
  ...UNDONE,
  'unknown-call': unknownCall,
  renewed: (model, record) => {
    const call = model.liveCall(text(record.args, 0));
    if (!call) return 'the call does not live';
    call.leaseEndMs = leaseEnd(model, record, 1);
    model.meet(call, '');
    return isElsewhere(call, text(record.result, 1));
  },
};
