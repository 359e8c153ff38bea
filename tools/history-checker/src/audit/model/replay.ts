import { type AuditRecord, outcomeOf } from '../audit-record';
import * as calls from './call-rules';
import { FleetModel } from './fleet-model';
import * as leader from './leader-rules';
import * as pods from './pod-rules';
import * as recovery from './recovery-rules';
import type { Complaint, OperationRules } from './rule';

const RULES: Readonly<Record<string, OperationRules>> = {
  allocate: calls.ALLOCATE,
  release: calls.RELEASE,
  endCall: calls.END_CALL,
  heartbeat: calls.HEARTBEAT,
  abandonGrant: recovery.ABANDON_GRANT,
  reassertCall: recovery.REASSERT_CALL,
  reassertRelease: recovery.REASSERT_RELEASE,
  drain: pods.DRAIN,
  undrain: pods.UNDRAIN,
  claimEpoch: leader.CLAIM_EPOCH,
  resignLeader: leader.RESIGN_LEADER,
};

/** What only the leader may do: the first argument is its epoch. */
const LEADER_RULES: Readonly<Record<string, OperationRules>> = {
  announceLeader: leader.ANNOUNCE_LEADER,
  configurePool: leader.CONFIGURE_POOL,
  removePool: leader.REMOVE_POOL,
  sweepPool: leader.SWEEP,
  sweepIndexes: leader.SWEEP,
  registerPod: pods.REGISTER_POD,
  removePod: pods.REMOVE_POD,
  movePod: pods.MOVE_POD,
  repairPod: pods.REPAIR_POD,
  expireLeases: pods.EXPIRE_LEASES,
};

/** Carries out on a model what the audit reports, in its order, and complains where the store must not have done so. */
export class Replay {
  readonly model = new FleetModel();

  /** @param record the one that comes next in the sequence */
  apply(record: AuditRecord): Complaint {
    this.model.advanceTo(record.timeMs);
    const leaderRules = LEADER_RULES[record.operation];
    if (leaderRules) return this.applyAsLeader(record, leaderRules);
    return this.applyRules(record, RULES[record.operation] ?? {});
  }

  private applyAsLeader(record: AuditRecord, rules: OperationRules): Complaint {
    const epoch = Number(record.args[0]);
    const { epochs } = this.model;
    if (outcomeOf(record) === 'stale-epoch') return epoch < epochs.accepted ? null : 'the leader is in charge';
    const complaint = this.applyRules(record, rules);
    if (epoch < epochs.accepted) return `a leader of epoch ${epoch} has written after one of ${epochs.accepted}`;
    epochs.accepted = epoch;
    return complaint;
  }

  private applyRules(record: AuditRecord, rules: OperationRules): Complaint {
    const rule = rules[outcomeOf(record)];
    return rule ? rule(this.model, record) : `there is no such operation, or no such outcome of it`;
  }
}
