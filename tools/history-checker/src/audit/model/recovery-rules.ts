import { namesAt } from '../audit-record';
import { ownerOf } from './fleet-model';
import { complainIf, type OperationRules, text } from './rule';

/**
 * What processes replay after the store may have lost it. The audit is lost together with what it reports, so that a
 * store with a whole audit has lost nothing: there is nothing to restore.
 */
export const REASSERT_CALL: OperationRules = {
  kept: (model, { args }) => {
    const call = model.liveCall(text(args, 0));
    return complainIf(call?.pod !== text(args, 1) || call.grant !== Number(args[6]), 'the call has no such grant');
  },
  superseded: (model, { args, result }) => {
    const call = model.liveCall(text(args, 0));
    return complainIf(call?.pod !== text(result, 1) || call.grant <= Number(args[6]), 'the call has no newer grant');
  },
  ended: (model, { args }) => complainIf(model.liveCall(text(args, 0)) !== null, 'the call lives'),
  'unknown-pod': (model, { args }) => complainIf(model.pods.has(text(args, 1)), 'the pod is known'),
  conflict: (_model, record) => `the grant was ended before, as ${namesAt(record, 1).join(', ')} could be granted`,
  restored: (model, { args }) => {
    const [callSid, pod, sourcePool] = [text(args, 0), text(args, 1), text(args, 2)];
    const leaseEndMs = model.nowMs + Math.min(Number(args[7]), Number(args[8]));
    model.hold({ callSid, pod, sourcePool, grant: Number(args[6]), leaseEndMs, owner: ownerOf(text(args, 4)) });
    return 'the grant was not lost, it was ended';
  },
};

/** The end of a call that was lost, or whose request was not answered: of its grants up to a number. */
export const REASSERT_RELEASE: OperationRules = {
  noted: (model, { args }) => {
    const call = model.liveCall(text(args, 0));
    return complainIf(call !== null && call.grant <= Number(args[1]), 'the grant still stands');
  },
  kept: (model, { args }) => {
    const call = model.liveCall(text(args, 0));
    const wasMet = call?.metMs !== undefined && call.metMs * 1_000 >= Number(args[1]) - 1_000;
    return complainIf(args[2] !== '1' || !wasMet, 'nobody has met the grant since');
  },
  released: (model, { args }) => {
    const call = model.liveCall(text(args, 0));
    model.end(text(args, 0));
    return complainIf(call === null || call.grant > Number(args[1]), 'the call has no such grant');
  },
};

/** A grant whose request was not answered, and that nobody else has met. */
export const ABANDON_GRANT: OperationRules = {
  claimed: (model, { args }) => {
    const call = model.liveCall(text(args, 0));
    const requests = call?.requests ?? [];
    const isLast = requests.length === 1 && requests[0] === text(args, 1);
    if (call) call.requests = requests.filter((request) => request !== text(args, 1));
    return complainIf(isLast, 'nobody has met the grant since');
  },
  abandoned: (model, { args, result }) => {
    const call = model.liveCall(text(args, 0));
    const isMeant = call?.requests?.join() === text(args, 1) && call.grant === Number(text(result, 1));
    model.end(text(args, 0));
    return complainIf(!isMeant, 'the call has no such grant, or somebody knows of it');
  },
  held: () => null,
};
