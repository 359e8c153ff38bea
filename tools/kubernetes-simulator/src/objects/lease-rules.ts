import type { Fields, KubernetesObject } from './kubernetes-object';
import { LEASES } from './resource-kind';
import { badRequest, type FieldProblem, invalid, type StatusError } from './status-error';

const TIMES = ['acquireTime', 'renewTime'];

/** Checks the numbers, and that times have microseconds, as MicroTime is defined. @throws StatusError 400, 422 */
export function prepareLease(lease: KubernetesObject): KubernetesObject {
  const spec: Fields = lease.spec ?? {};
  const problems = [
    numberProblem(spec, 'leaseDurationSeconds', 1, 'must be greater than 0'),
    numberProblem(spec, 'leaseTransitions', 0, 'must to greater or equal than 0'),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw invalid(LEASES, lease.metadata.name, problems);
  for (const name of TIMES) checkMicroTime(spec[name]);
  return { ...lease, spec: withoutNulls(spec) };
}

function numberProblem(spec: Fields, name: string, min: number, rule: string): FieldProblem | null {
  const value = spec[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number') throw cannotBeRead(`spec.${name} is not a number`);
  if (value >= min) return null;
  return { field: `spec.${name}`, reason: 'FieldValueInvalid', message: `Invalid value: ${String(value)}: ${rule}` };
}

/** An optional field that is `null` is not there. */
function withoutNulls(spec: Fields): Fields {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null));
}

function checkMicroTime(value: unknown): void {
  if (value === undefined || value === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(String(value))) return;
  throw cannotBeRead(`parsing time "${String(value)}" as "2006-01-02T15:04:05.000000Z07:00"`);
}

function cannotBeRead(why: string): StatusError {
  return badRequest(`Lease in version "v1" cannot be handled as a Lease: ${why}`);
}
