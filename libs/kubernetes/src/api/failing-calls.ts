import type { Clock } from '@smart-router/scheduling';
import type { ApiCall, ApiVerb } from './resource';

/** A kind of call whose last attempt failed, in the words of RBAC. */
export interface FailingCall {
  readonly verb: ApiVerb;
  readonly resource: string;
  readonly namespace: string;
  /** The HTTP status, or `no-answer`, or `bad-answer`. */
  readonly outcome: string;
}

/** The server did what it should: the object is another one, or none, by now, or the version is an old one. */
const ORDINARY_REFUSALS: ReadonlySet<string> = new Set(['404', '409', '410', '422']);

const WRITES: ReadonlySet<ApiVerb> = new Set(['create', 'update', 'patch']);

/** Longer than any caller waits before the next try: what was not tried again is not needed any more, as after a term. */
const FORGOTTEN_AFTER_MS = 120_000;

/**
 * What cannot be done at the API for now: each kind of call is in it from a failure to the next success, or until it is
 * not tried any more. A write that succeeds counts for reading one such object, too, unless that was refused: who renews
 * a lease reads it after a failed write only, and not again when the server is back.
 */
export class FailingCalls {
  private readonly failing = new Map<string, { readonly call: FailingCall; readonly atMs: number }>();
  private asked = false;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  failed(call: ApiCall, outcome: string): void {
    if (ORDINARY_REFUSALS.has(outcome)) return this.succeeded(call);
    this.asked = true;
    const { namespace, verb } = call;
    const failing = { verb, resource: call.resource.plural, namespace, outcome };
    this.failing.set(kindOf(call), { call: failing, atMs: this.clock.now() });
  }

  succeeded(call: ApiCall): void {
    this.asked = true;
    this.failing.delete(kindOf(call));
    if (WRITES.has(call.verb)) this.serverIsBack(kindOf({ ...call, verb: 'get' }));
  }

  /** Whether anything was asked of the API so far. */
  get hasAsked(): boolean {
    return this.asked;
  }

  list(): readonly FailingCall[] {
    const sinceMs = this.clock.now() - FORGOTTEN_AFTER_MS;
    return [...this.failing.values()].filter(({ atMs }) => atMs > sinceMs).map(({ call }) => call);
  }

  private serverIsBack(kind: string): void {
    const outcome = this.failing.get(kind)?.call.outcome;
    if (outcome !== undefined && isOutage(outcome)) this.failing.delete(kind);
  }
}

/** Whether the server could not do it at that moment, whatever was asked. */
function isOutage(outcome: string): boolean {
  return outcome === 'no-answer' || outcome === '429' || outcome.startsWith('5');
}

function kindOf({ namespace, resource, verb }: ApiCall): string {
  return `${verb} ${resource.plural} ${namespace}`;
}
