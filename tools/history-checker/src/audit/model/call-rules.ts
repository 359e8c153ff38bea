import type { AuditRecord } from '../audit-record';
import type { FleetModel, ModelCall, ModelPod } from './fleet-model';
import { complainIf, type Complaint, type OperationRules, type Rule, text, unlessUnknownPod } from './rule';

/** Arguments of an allocation before its chain of pools. */
const CHAIN_START = 8;
/** The one of them that names the request. */
const REQUEST = 7;

export const ALLOCATE: OperationRules = {
  'call-ended': (model, { args }) => complainIf(!model.mayHaveEnded(text(args, 0)), 'the call was not ended'),
  held: () => null,
  late: () => null,
  'merchant-config-changed': (model, { args }) => mustBeNew(model, text(args, 0)),
  existing: (model, { args, result }) => {
    const call = model.liveCall(text(args, 0));
    if (!call) return 'the call does not live';
    if (model.mustHaveEnded(call.callSid)) return 'the call was ended';
    if (call.request !== text(args, REQUEST)) call.request = '';
    if (!model.mayStand(call.leaseEndMs)) call.leaseEndMs = leaseEnd(model, { args }, 4);
    return isOther(call, text(result, 1), text(result, 5)) ?? wrongPool(call.sourcePool, text(result, 2));
  },
  'no-capacity': (model, { args }) => {
    const complaint = mustBeNew(model, text(args, 0)) ?? mustBeFull(model, args.slice(CHAIN_START));
    model.end(text(args, 0));
    return complaint;
  },
  allocated: (model, record) => {
    const callSid = text(record.args, 0);
    const [podName, pool] = [text(record.result, 1), text(record.result, 2)];
    const grant = Number(text(record.result, 5));
    const isNew = mustBeNew(model, callSid);
    model.end(callSid);
    const complaint =
      isNew ??
      unlessUnknownPod(model, podName, (pod) => mustBeFree(model, pod, pool)) ??
      mustBeNext(model, record.args.slice(CHAIN_START), pool) ??
      complainIf(grant <= model.newestGrant, `number ${model.newestGrant} was given before`);
    const request = text(record.args, REQUEST);
    model.hold({ callSid, pod: podName, sourcePool: pool, grant, request, leaseEndMs: leaseEnd(model, record, 4) });
    return complaint;
  },
};

/** A call that lives keeps its pod, and one that was ended gets none. */
function mustBeNew(model: FleetModel, callSid: string): Complaint {
  const live = model.liveCall(callSid);
  if (live) return `the call lives on ${live.pod}`;
  return complainIf(model.mustHaveEnded(callSid), 'the call was ended');
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

function wrongPool(pool: string, told: string): Complaint {
  return complainIf(pool !== told, `the pool is ${pool}`);
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
    (pod ? drainAsTold(model, pod, text(result, 3) === '1') : null);
  model.end(call.callSid);
  return complaint;
};

function drainAsTold(model: FleetModel, pod: ModelPod, isDraining: boolean): Complaint {
  if (isDraining) return complainIf(!model.mayDrain(pod), `${pod.name} does not drain`);
  return complainIf(model.mustDrain(pod), `${pod.name} drains`);
}

/** Nothing was done: after a loss of data, of which the audit does not tell, or since the command was late. */
const UNDONE: OperationRules = { held: () => null, late: () => null };

export const RELEASE: OperationRules = { ...UNDONE, released, 'unknown-call': unknownCall };

const andRemember =
  (rule: Rule): Rule =>
  (model, record) => {
    const complaint = rule(model, record);
    model.rememberEnded(text(record.args, 0), Number(record.args[1]));
    return complaint;
  };

export const END_CALL: OperationRules = {
  ...UNDONE,
  released: andRemember(released),
  'unknown-call': andRemember(unknownCall),
};

export const HEARTBEAT: OperationRules = {
  ...UNDONE,
  'unknown-call': unknownCall,
  renewed: (model, record) => {
    const call = model.liveCall(text(record.args, 0));
    if (!call) return 'the call does not live';
    call.leaseEndMs = leaseEnd(model, record, 1);
    return isElsewhere(call, text(record.result, 1));
  },
};
