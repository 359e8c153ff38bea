import type { ResourceRequest, Verb } from '../api/request-info';

/** Which requests; what is left out matches all. */
export interface RequestMatch {
  readonly verb?: Verb;
  /** Plural name, `pods`. */
  readonly resource?: string;
  readonly namespace?: string;
  /** `true`: only later pages of a list; `false`: only first pages and everything else. */
  readonly isLaterPage?: boolean;
}

export function matches(match: RequestMatch, request: ResourceRequest): boolean {
  const isLaterPage = request.query.has('continue');
  return (
    (match.verb ?? request.verb) === request.verb &&
    (match.resource ?? request.plural) === request.plural &&
    (match.namespace ?? request.namespace) === request.namespace &&
    (match.isLaterPage ?? isLaterPage) === isLaterPage
  );
}
