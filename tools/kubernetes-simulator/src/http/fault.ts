import type { ResourceRequest, Verb } from '../api/request-info';

/** What happens to a request instead of, or besides, being answered. */
export type Fault =
  /**
   * Answered with this status; nothing is done. `message` stands in the body; a 429 without one has a body of plain text,
   * as that of a real server that is too busy.
   */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number; readonly message?: string }
  /** The connection is reset before anything is done. */
  | { readonly kind: 'reset' }
  /** Nothing is done and nothing is ever answered; the connection stays open. */
  | { readonly kind: 'hang' }
  /** Done and answered, but later. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Done, and then the connection is reset instead of an answer. */
  | { readonly kind: 'lost-reply' }
  /** A list says that there is nothing. */
  | { readonly kind: 'empty-list' }
  /** The body of the answer ends in the middle. */
  | { readonly kind: 'cut-reply' };

/** Which requests; what is left out matches all. */
export interface FaultMatch {
  readonly verb?: Verb;
  /** Plural name, `pods`. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** `true`: only later pages of a list; `false`: only first pages and everything else. */
  readonly isLaterPage?: boolean;
}

interface PlannedFault {
  readonly match: FaultMatch;
  readonly fault: Fault;
  left: number;
}

/** Faults that wait for requests. The oldest one that matches is used first. */
export class FaultPlan {
  private planned: PlannedFault[] = [];

  /** @param times how many requests it meets; `Infinity`: until `clear` */
  add(match: FaultMatch, fault: Fault, times: number): void {
    this.planned.push({ match, fault, left: times });
  }

  clear(): void {
    this.planned = [];
  }

  /** How many requests will still meet a fault. */
  get left(): number {
    return this.planned.reduce((sum, { left }) => sum + left, 0);
  }

  take(request: ResourceRequest | null): Fault | null {
    const found = this.planned.find(({ match }) => request !== null && matches(match, request));
    if (!found) return null;
    found.left -= 1;
    if (found.left <= 0) this.planned = this.planned.filter((one) => one !== found);
    return found.fault;
  }
}

export function matches(match: FaultMatch, request: ResourceRequest): boolean {
  const isLaterPage = request.query.has('continue');
  return (
    (match.verb ?? request.verb) === request.verb &&
    (match.resource ?? request.plural) === request.plural &&
    (match.namespace ?? request.namespace) === request.namespace &&
    (match.name ?? request.name) === request.name &&
    (match.isLaterPage ?? isLaterPage) === isLaterPage
  );
}
