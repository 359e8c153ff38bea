import type { ApiCall } from './resource';
import { retryAfterMs } from './retry-after';

/** The parts of a Kubernetes `Status` object that errors carry. */
export interface ApiStatus {
  /** As an HTTP status. */
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/** Takes an object for a `Status`, whatever it is; the code of one that names none is 500. */
export function statusFrom(object: unknown): ApiStatus {
  const status = asRecord(object);
  const { code, message, reason } = status;
  const { retryAfterSeconds } = asRecord(status['details']);
  return {
    code: typeof code === 'number' ? code : 500,
    reason: typeof reason === 'string' ? reason : '',
    message: typeof message === 'string' ? message : '',
    retryAfterMs: typeof retryAfterSeconds === 'number' ? retryAfterMs(String(retryAfterSeconds), 0) : null,
  };
}

/**
 * The API answered, and refused. Says what was tried in the words of RBAC: `pods: list is forbidden in namespace
 * voice-system (403 Forbidden): ...`.
 */
export class KubernetesApiError extends Error {
  readonly code = 'KUBERNETES_API_ERROR';
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  /** Of HTTP. */
  readonly status: number;
  /** In one word, such as `Forbidden`, `Expired`, `Conflict`; `''` where the server named none. */
  readonly reason: string;
  /** How long the server asks to wait; `null` where it does not. */
  readonly retryAfterMs: number | null;

  constructor(call: ApiCall, status: ApiStatus) {
    super(describe(call, status));
    this.status = status.code;
    this.reason = status.reason;
    this.retryAfterMs = status.retryAfterMs;
    this.verb = call.verb;
    this.resource = call.resource.plural;
    this.namespace = call.namespace;
  }

  /** What was asked for is older than what the server remembers (etcd was compacted). */
  get isExpired(): boolean {
    return this.status === 410;
  }
}

/** No answer: the port is closed, the connection broke, or the time ran out. Whether a write took effect is unknown. */
export class KubernetesUnreachableError extends Error {
  readonly code = 'KUBERNETES_UNREACHABLE';
  readonly verb: string;
  readonly resource: string;

  constructor(call: ApiCall, cause: unknown) {
    super(`${call.resource.plural}: ${call.verb} got no answer from the Kubernetes API: ${textOf(cause)}`, { cause });
    this.verb = call.verb;
    this.resource = call.resource.plural;
  }
}

/** An answer that is none: no JSON, cut off, or larger than anything sensible. */
export class KubernetesAnswerError extends Error {
  readonly code = 'KUBERNETES_BAD_ANSWER';

  constructor(call: ApiCall, problem: string) {
    super(`${call.resource.plural}: ${call.verb} got an answer that cannot be read: ${problem}`);
  }
}

function describe({ name, namespace, resource, verb }: ApiCall, { code, message, reason }: ApiStatus): string {
  const object = name === undefined ? resource.plural : `${resource.plural}/${name}`;
  const outcome = code === 403 ? 'is forbidden' : 'failed';
  const numbers = reason === '' ? `${code}` : `${code} ${reason}`;
  return `${object}: ${verb} ${outcome} in namespace ${namespace} (${numbers})${message === '' ? '' : `: ${message}`}`;
}

function textOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as { code?: unknown };
  return cause.message || String(code ?? cause.name);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
