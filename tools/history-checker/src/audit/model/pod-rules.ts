import { type AuditRecord, namesAt, outcomeOf } from '../audit-record';
import type { FleetModel, ModelPod } from './fleet-model';
import {
  complainIf,
  type Complaint,
  endListed,
  endOver,
  type OperationRules,
  type Rule,
  text,
  unlessUnknownPod,
} from './rule';

/** @param index of the pod among the arguments: those of the leader's operations begin with the epoch */
const unknownPod =
  (index: number): Rule =>
  (model, { args }) =>
    complainIf(model.pods.has(text(args, index)), 'the pod is known');

function loadAsRecorded(pod: ModelPod, recorded: string): Complaint {
  return complainIf(Number(recorded) !== pod.calls.size, `the pod has ${pod.calls.size} calls`);
}

export const DRAIN: OperationRules = {
  'unknown-pod': unknownPod(0),
  draining: (model, { args, result }) =>
    unlessUnknownPod(model, text(args, 0), (pod) => {
      const endMs = args[1] === '' ? Infinity : model.nowMs + Number(args[1]);
      // Where it may only be prolonged, a drain that ends later stays.
      const formerMs = text(args, 2) === '1' && model.mayDrain(pod) ? (pod.drainEndMs ?? 0) : 0;
      pod.drainEndMs = Math.max(endMs, formerMs);
      return loadAsRecorded(pod, text(result, 1));
    }),
};

export const UNDRAIN: OperationRules = {
  'unknown-pod': unknownPod(0),
  undrained: (model, { args, result }) =>
    unlessUnknownPod(model, text(args, 0), (pod) => {
      pod.drainEndMs = null;
      model.touch(pod.name);
      return complainIf(pod.isTerminating, 'the pod terminates') ?? loadAsRecorded(pod, text(result, 1));
    }),
  terminating: (model, { args }) =>
    unlessUnknownPod(model, text(args, 0), (pod) => complainIf(!pod.isTerminating, 'the pod does not terminate')),
};

const registered: Rule = (model, record) => {
  const name = text(record.args, 1);
  const incarnation = text(record.args, 2);
  const known = model.pods.get(name);
  const pod = known ?? newPod(name, incarnation, text(record.args, 4));
  const isRestarted = !isSameLife(pod.incarnation, incarnation);
  const expected = isRestarted ? 'restarted' : known ? 'known' : 'added';
  const complaint =
    complainIf(outcomeOf(record) !== expected, `the pod is ${expected}`) ??
    complainIf(text(record.result, 1) !== pod.pool || !model.pools.has(pod.pool), `the pod belongs to ${pod.pool}`) ??
    endListed(model, record, 2, isRestarted ? pod.calls : []);
  const drain = isRestarted ? { drainEndMs: null } : {};
  model.pods.set(
    name,
    Object.assign(pod, drain, {
      incarnation: lifeAfter(pod.incarnation, incarnation),
      isReady: text(record.args, 3) === '1',
      isTerminating: text(record.args, 6) === '1',
      isOutgoing: false,
    }),
  );
  return complaint;
};

/** `a/b` is the same life as `a`, of which more is known. */
function isSameLife(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

function lifeAfter(known: string, observed: string): string {
  return isSameLife(known, observed) && known.length > observed.length ? known : observed;
}

function newPod(name: string, incarnation: string, pool: string): ModelPod {
  return {
    name,
    pool,
    incarnation,
    isReady: false,
    isTerminating: false,
    drainEndMs: null,
    calls: new Set(),
    isOutgoing: false,
  };
}

export const REGISTER_POD: OperationRules = {
  added: registered,
  known: registered,
  restarted: registered,
  'unknown-pool': (model, { args }) =>
    complainIf(model.pods.has(text(args, 1)) || model.pools.has(text(args, 4)), 'the pool is known'),
};

export const REMOVE_POD: OperationRules = {
  'unknown-pod': unknownPod(1),
  superseded: (model, { args }) =>
    unlessUnknownPod(model, text(args, 1), (pod) =>
      complainIf(pod.incarnation === text(args, 2), 'this incarnation is the one that lives'),
    ),
  removed: (model, record) =>
    unlessUnknownPod(model, text(record.args, 1), (pod) => {
      const incarnation = text(record.args, 2);
      const isOther = incarnation !== '' && incarnation !== pod.incarnation;
      const complaint = complainIf(isOther, 'another incarnation lives') ?? endListed(model, record, 1, pod.calls);
      model.pods.delete(pod.name);
      return complaint;
    }),
};

export const MOVE_POD: OperationRules = {
  'unknown-pod': unknownPod(1),
  'unknown-pool': (model, { args }) => complainIf(model.pools.has(text(args, 2)), 'the pool is known'),
  busy: (model, { args }) =>
    unlessUnknownPod(model, text(args, 1), (pod) =>
      complainIf(pod.calls.size === 0 && !model.mayDrain(pod), 'the pod is idle'),
    ),
  moved: (model, { args, result }) =>
    unlessUnknownPod(model, text(args, 1), (pod) => {
      const { pool } = pod;
      const isBusy = pod.calls.size > 0 || model.mustDrain(pod);
      pod.pool = text(args, 2);
      model.touch(pod.name);
      return (
        complainIf(pool !== text(result, 1), `the pod was in ${pool}`) ??
        complainIf(!model.pools.has(pod.pool), `there is no pool ${pod.pool}`) ??
        complainIf(text(args, 3) === '1' && isBusy, 'the pod is busy')
      );
    }),
};

export const REPAIR_POD: OperationRules = {
  'unknown-pod': unknownPod(1),
  repaired: (model, record) =>
    unlessUnknownPod(model, text(record.args, 1), (pod) => {
      const isRepaired = text(record.result, 1) === '1';
      const ended = namesAt(record, 2);
      for (const callSid of ended) model.end(callSid);
      const complaint =
        complainIf(ended.length > 0, `${ended.join(', ')} has not ended`) ??
        complainIf(isRepaired && !mayNeedRepair(model, pod), NEEDLESS);
      if (pod.drainEndMs !== null && !model.mayStand(pod.drainEndMs)) pod.drainEndMs = null;
      model.touch(pod.name);
      return complaint;
    }),
};

const NEEDLESS = 'nothing but another operation can have left what had to be repaired';

/** Time alone brings indexes out of line, and a pool that has changed its type. */
function mayNeedRepair(model: FleetModel, pod: ModelPod): boolean {
  if (pod.isOutgoing || (pod.drainEndMs !== null && !model.mustStand(pod.drainEndMs))) return true;
  return [...pod.calls].some((callSid) => !model.mustStand(model.liveCall(callSid)?.leaseEndMs ?? 0));
}

/** The calls of the result, in pairs with their pods. */
function endedPairs(record: AuditRecord): { callSid: string; pod: string }[] {
  const names = namesAt(record, 1);
  return names.flatMap((callSid, index) => (index % 2 === 0 ? [{ callSid, pod: names[index + 1] ?? '' }] : []));
}

export const EXPIRE_LEASES: OperationRules = {
  expired: (model, record) => {
    const ended = endedPairs(record);
    const elsewhere = ended.find(({ callSid, pod }) => model.calls.get(callSid)?.pod !== pod);
    const complaint =
      complainIf(elsewhere !== undefined, `${elsewhere?.callSid} is not on ${elsewhere?.pod}`) ??
      endOver(
        model,
        ended.map(({ callSid }) => callSid),
      ) ??
      endDrains(model, namesAt(record, 2));
    return complaint;
  },
};

function endDrains(model: FleetModel, podNames: readonly string[]): Complaint {
  const pods = podNames.flatMap((name) => model.pods.get(name) ?? []);
  const draining = pods.find((pod) => model.mustDrain(pod));
  for (const pod of pods) pod.drainEndMs = null;
  for (const { name } of pods) model.touch(name);
  return complainIf(draining !== undefined, `${draining?.name} still drains`);
}
