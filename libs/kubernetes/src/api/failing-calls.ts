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

/** What cannot be done at the API for now: each kind of call is in it from a failure to the next success. */
export class FailingCalls {
  private readonly failing = new Map<string, FailingCall>();
  private asked = false;

  failed(call: ApiCall, outcome: string): void {
    if (ORDINARY_REFUSALS.has(outcome)) return this.succeeded(call);
    this.asked = true;
    const { namespace, verb } = call;
    this.failing.set(kindOf(call), { verb, resource: call.resource.plural, namespace, outcome });
  }

  succeeded(call: ApiCall): void {
    this.asked = true;
    this.failing.delete(kindOf(call));
  }

  /** Whether anything was asked of the API so far. */
  get hasAsked(): boolean {
    return this.asked;
  }

  list(): readonly FailingCall[] {
    return [...this.failing.values()];
  }
}

function kindOf({ namespace, resource, verb }: ApiCall): string {
  return `${verb} ${resource.plural} ${namespace}`;
}
