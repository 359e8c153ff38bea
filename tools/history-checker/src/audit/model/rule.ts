import { type AuditRecord, namesAt } from '../audit-record';
import type { FleetModel, ModelPod } from './fleet-model';

/** Why an operation must not have had this outcome; `null` where it may. */
export type Complaint = string | null;

/**
 * What one outcome of one operation means: checks it, and then does to the model what the store says that it has done,
 * rightly or not, so that one mistake is not found again and again.
 */
export type Rule = (model: FleetModel, record: AuditRecord) => Complaint;

/** The rules of one operation by its outcomes; any other outcome must not be. */
export type OperationRules = Readonly<Record<string, Rule>>;

export function complainIf(isWrong: boolean, complaint: string): Complaint {
  return isWrong ? complaint : null;
}

/** An argument or a part of a result; '' where there is none. */
export function text(values: readonly unknown[], index: number): string {
  const value = values[index];
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

export function unlessUnknownPod(model: FleetModel, podName: string, check: (pod: ModelPod) => Complaint): Complaint {
  const pod = model.pods.get(podName);
  return pod ? check(pod) : `there is no pod ${podName}`;
}

/** Ends the calls that the result lists at `index`, which must be those. */
export function endListed(
  model: FleetModel,
  record: AuditRecord,
  index: number,
  expected: Iterable<string>,
): Complaint {
  const listed = namesAt(record, index).sort();
  const complaint = [...expected].sort().join() === listed.join() ? null : `the calls ${[...expected].join()} must end`;
  for (const callSid of listed) model.end(callSid);
  return complaint;
}

/** Ends the calls that were found to be over, which none may be that certainly lives. */
export function endOver(model: FleetModel, callSids: readonly string[]): Complaint {
  const living = callSids.find((callSid) => {
    const call = model.liveCall(callSid);
    return call && model.hasTimeLeft(call);
  });
  for (const callSid of callSids) model.end(callSid);
  return complainIf(living !== undefined, `${living} has not ended`);
}
