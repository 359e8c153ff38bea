import { qualifiedName, type ResourceKind } from './resource-kind';

/** The body of every failure: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface StatusBody {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: 'Failure' | 'Success';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly code?: number;
}

interface Failure {
  readonly code: number;
  /** The real server leaves it out where it did not foresee the failure. */
  readonly reason?: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The request fails with this answer. */
export class StatusError extends Error {
  readonly code = 'KUBERNETES_STATUS';
  readonly body: StatusBody;
  readonly status: number;

  constructor(failure: Failure) {
    super(failure.message);
    this.status = failure.code;
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: failure.metadata ?? {},
      status: 'Failure',
      message: failure.message,
      ...(failure.reason !== undefined && { reason: failure.reason }),
      ...(failure.details && { details: failure.details }),
      code: failure.code,
    };
  }
}

const about = (resource: ResourceKind, name: string): Record<string, unknown> => ({
  name,
  ...(resource.group !== '' && { group: resource.group }),
  kind: resource.plural,
});

export function notFound(resource: ResourceKind, name: string): StatusError {
  const message = `${qualifiedName(resource)} "${name}" not found`;
  return new StatusError({ code: 404, reason: 'NotFound', message, details: about(resource, name) });
}

/** For a path that no resource stands behind. */
export function noSuchPath(): StatusError {
  const message = 'the server could not find the requested resource';
  return new StatusError({ code: 404, reason: 'NotFound', message, details: {} });
}

export function alreadyExists(resource: ResourceKind, name: string): StatusError {
  const message = `${qualifiedName(resource)} "${name}" already exists`;
  return new StatusError({ code: 409, reason: 'AlreadyExists', message, details: about(resource, name) });
}

export const MODIFIED_MEANWHILE =
  'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(resource: ResourceKind, name: string, why = MODIFIED_MEANWHILE): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`;
  return new StatusError({ code: 409, reason: 'Conflict', message, details: about(resource, name) });
}

export function badRequest(message: string): StatusError {
  return new StatusError({ code: 400, reason: 'BadRequest', message });
}

export function unauthorized(): StatusError {
  return new StatusError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

/** What the real server did not foresee. */
export function unforeseen(message: string): StatusError {
  return new StatusError({ code: 500, message });
}

/** History before a compaction is asked for. */
export function expired(message: string, continueToken?: string): StatusError {
  const metadata = continueToken === undefined ? {} : { continue: continueToken };
  return new StatusError({ code: 410, reason: 'Expired', message, metadata });
}

export interface FieldProblem {
  /** `spec.leaseDurationSeconds` */
  readonly field: string;
  readonly reason: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueForbidden';
  /** `Invalid value: 0: must be greater than 0` */
  readonly message: string;
}

export function invalid(
  { kind, group }: Pick<ResourceKind, 'kind' | 'group'>,
  name: string,
  problems: readonly FieldProblem[],
): StatusError {
  const lines = problems.map(({ field, message }) => `${field}: ${message}`);
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const message = `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${list}`;
  const causes = problems.map(({ field, reason, message: why }) => ({ reason, message: why, field }));
  const details = { ...(name !== '' && { name }), ...(group !== '' && { group }), kind, causes };
  return new StatusError({ code: 422, reason: 'Invalid', message, details });
}
