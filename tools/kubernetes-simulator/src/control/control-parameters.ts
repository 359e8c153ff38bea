import type { Verb } from '../api/request-info';
import type { Fault, FaultMatch } from '../http/fault';

/** A command or one of its parameters is not right; the message says what would be. */
export class InvalidCommandError extends Error {
  readonly code = 'INVALID_COMMAND';
}

const VERBS: readonly Verb[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** @throws InvalidCommandError */
export function count(parameters: URLSearchParams, name: string, fallback?: number): number {
  const text = parameters.get(name);
  if (text === null && fallback !== undefined) return fallback;
  if (text === null || !/^\d{1,9}$/.test(text)) throw new InvalidCommandError(`${name} must be a whole number`);
  return Number(text);
}

/** @throws InvalidCommandError */
export function required(parameters: URLSearchParams, name: string): string {
  const text = parameters.get(name);
  if (text === null || text === '') throw new InvalidCommandError(`${name} is missing`);
  return text;
}

/** `verb`, `resource`, `namespace`, `name`, `later_page`; each may be left out. @throws InvalidCommandError */
export function matchOf(parameters: URLSearchParams): FaultMatch {
  const verb = parameters.get('verb');
  const known = VERBS.find((one) => one === verb);
  if (verb !== null && !known) throw new InvalidCommandError(`verb must be one of ${VERBS.join(', ')}`);
  const laterPage = parameters.get('later_page');
  return {
    verb: known,
    resource: parameters.get('resource') ?? undefined,
    namespace: parameters.get('namespace') ?? undefined,
    name: parameters.get('name') ?? undefined,
    isLaterPage: laterPage === null ? undefined : laterPage === 'true',
  };
}

const FAULTS: Readonly<Record<Fault['kind'], (parameters: URLSearchParams) => Fault>> = {
  status: (parameters) => ({
    kind: 'status',
    status: count(parameters, 'status'),
    retryAfterSeconds: parameters.has('retry_after') ? count(parameters, 'retry_after') : undefined,
  }),
  delay: (parameters) => ({ kind: 'delay', delayMs: count(parameters, 'delay_ms') }),
  reset: () => ({ kind: 'reset' }),
  hang: () => ({ kind: 'hang' }),
  'lost-reply': () => ({ kind: 'lost-reply' }),
  'cut-reply': () => ({ kind: 'cut-reply' }),
  'empty-list': () => ({ kind: 'empty-list' }),
};

/** `kind`, by default a status, and what belongs to it. @throws InvalidCommandError */
export function faultOf(parameters: URLSearchParams): Fault {
  const kind = parameters.get('kind') ?? 'status';
  if (!Object.hasOwn(FAULTS, kind))
    throw new InvalidCommandError(`kind must be one of ${Object.keys(FAULTS).join(', ')}`);
  return FAULTS[kind as Fault['kind']](parameters);
}
