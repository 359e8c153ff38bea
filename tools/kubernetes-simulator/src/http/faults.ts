import type { ResourceRequest } from '../api/request-info';
import { StatusError } from '../objects/status-error';
import { type Exchange, refuse } from './exchange';
import { matches, type RequestMatch } from './request-match';
import { RunningWatches } from './running-watches';

/** What happens to a request instead of being answered. */
export type Fault =
  /**
   * Answered with this status; nothing is done. A 429 has a body of plain text, as that of a real server that is too
   * busy.
   */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The connection is reset before anything is done. */
  | { readonly kind: 'reset' }
  /** Nothing is done and nothing is ever answered; the connection stays open. */
  | { readonly kind: 'hang' }
  /** Done, and then the connection is reset instead of an answer. */
  | { readonly kind: 'lost-reply' };

interface PlannedFault {
  readonly match: RequestMatch;
  readonly fault: Fault;
  left: number;
}

/** What goes wrong on purpose. Of the faults that match a request the oldest one is used. */
export class Faults {
  /** What can be done to the watches that run now. */
  readonly watches = new RunningWatches();
  private planned: PlannedFault[] = [];

  /** The next requests that match meet the fault. @param times `Infinity`: until `clear` */
  next(match: RequestMatch, fault: Fault, times = 1): void {
    this.planned.push({ match, fault, left: times });
  }

  /** How many requests will still meet one. */
  get left(): number {
    return this.planned.reduce((sum, { left }) => sum + left, 0);
  }

  clear(): void {
    this.planned = [];
  }

  /** Lets the fault that is planned for the request happen. @returns what is left to do for it */
  apply(exchange: Exchange): 'answer' | 'lose-answer' | 'nothing' {
    const fault = this.take(exchange.record.resource);
    if (!fault) return 'answer';
    if (fault.kind === 'lost-reply') return 'lose-answer';
    if (fault.kind === 'reset') exchange.request.socket.resetAndDestroy();
    if (fault.kind === 'status') refuse(exchange, plannedError(fault));
    return 'nothing';
  }

  private take(request: ResourceRequest | null): Fault | null {
    const found = this.planned.find(({ match }) => request !== null && matches(match, request));
    if (!found) return null;
    found.left -= 1;
    if (found.left <= 0) this.planned = this.planned.filter((one) => one !== found);
    return found.fault;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  409: 'Conflict',
  410: 'Expired',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

function plannedError({ status: code, retryAfterSeconds }: Fault & { kind: 'status' }): StatusError {
  const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new StatusError({ code, reason: REASONS[code] ?? 'Unknown', message: `simulated failure ${code}`, details });
}
