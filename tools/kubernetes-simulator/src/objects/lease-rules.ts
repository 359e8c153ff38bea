import type { Fields, KubernetesObject } from './kubernetes-object';
import { LEASES } from './resource-kind';
import { badRequest, type FieldProblem, invalid } from './status-error';

const TIMES = ['acquireTime', 'renewTime'];

/** Checks the numbers and spells times with microseconds, as MicroTime is defined. @throws StatusError 400, 422 */
export function prepareLease(lease: KubernetesObject): KubernetesObject {
  const spec: Fields = lease.spec ?? {};
  const problems = [
    numberProblem(spec, 'leaseDurationSeconds', 1, 'must be greater than 0'),
    numberProblem(spec, 'leaseTransitions', 0, 'must to be greater than or equal to 0'),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw invalid(LEASES, lease.metadata.name, problems);
  const times = TIMES.filter((name) => spec[name] !== undefined).map((name) => [name, microTime(spec[name])]);
  return { ...lease, spec: { ...spec, ...Object.fromEntries(times) } };
}

function numberProblem(spec: Fields, name: string, min: number, rule: string): FieldProblem | null {
  const value = spec[name];
  if (value === undefined || value === null || (typeof value === 'number' && value >= min)) return null;
  return { field: `spec.${name}`, reason: 'FieldValueInvalid', message: `Invalid value: ${String(value)}: ${rule}` };
}

function microTime(value: unknown): unknown {
  if (value === null) return null;
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/.exec(String(value));
  if (!parts) {
    const layout = '2006-01-02T15:04:05.000000Z07:00';
    throw badRequest(
      `Lease in version "v1" cannot be handled as a Lease: parsing time "${String(value)}" as "${layout}"`,
    );
  }
  return value;
}
