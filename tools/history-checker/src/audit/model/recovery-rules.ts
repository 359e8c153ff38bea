import { namesAt } from '../audit-record';
import { complainIf, type OperationRules, text } from './rule';

/**
 * What replicas tell the store again after it may have lost it. The audit is lost together with what it tells of, so
 * that a store with a whole audit has lost nothing: there is nothing to restore.
 */
export const REASSERT_CALL: OperationRules = {
  kept: (model, { args }) => {
    const call = model.liveCall(text(args, 0));
    return complainIf(call?.pod !== text(args, 1) || call.grant !== Number(args[6]), 'the call has no such grant');
  },
  superseded: (model, { args, result }) => {
    const call = model.liveCall(text(args, 0));
    return complainIf(call?.pod !== text(result, 1) || call.grant === Number(args[6]), 'the call has no newer grant');
  },
  ended: (model, { args }) => complainIf(model.liveCall(text(args, 0)) !== null, 'the call lives'),
  'unknown-pod': (model, { args }) => complainIf(model.pods.has(text(args, 1)), 'the pod is known'),
  conflict: (_model, record) => `the grant was ended before, as ${namesAt(record, 1).join(', ')} could be granted`,
  restored: (model, { args }) => {
    const [callSid, pod, sourcePool] = [text(args, 0), text(args, 1), text(args, 2)];
    const leaseEndMs = model.nowMs + Math.min(Number(args[7]), Number(args[8]));
    model.hold({ callSid, pod, sourcePool, grant: Number(args[6]), leaseEndMs });
    return 'the grant was not lost, it was ended';
  },
};

export const REASSERT_RELEASE: OperationRules = {
  noted: (model, { args }) => {
    const call = model.liveCall(text(args, 0));
    return complainIf(call?.grant === Number(args[1]), 'the grant still stands');
  },
  released: (model, { args }) => {
    model.end(text(args, 0));
    return 'the release was not lost';
  },
};
