import { parseArgs } from 'node:util';

export interface SoakOptions {
  /** The run lasts at least this long. */
  readonly minutes: number;
  readonly seed: number;
  readonly clients: number;
  /** The run continues until there are so many. */
  readonly minOperations: number;
  /** The run continues until so many API processes were killed. */
  readonly minKills: number;
  /** Folder with the built `api` and `leader-worker`. */
  readonly apps: string;
  /** Folder of the history. */
  readonly reports: string;
  /** File that gets how many promises were kept and how many not, as JSON; `null`: none. */
  readonly counts: string | null;
}

/** The options do not make sense; the message says which. */
export class InvalidOptionError extends Error {
  readonly code = 'INVALID_OPTION';
}

/** @param anySeed taken where none is given. @throws InvalidOptionError, or TypeError for an unknown option */
export function parseOptions(args: readonly string[], anySeed: number): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: `${anySeed}` },
      clients: { type: 'string', default: '200' },
      operations: { type: 'string', default: '0' },
      kills: { type: 'string', default: '0' },
      apps: { type: 'string', default: 'dist/apps' },
      reports: { type: 'string', default: 'reports' },
      counts: { type: 'string' },
    },
  });
  return {
    minutes: positive('minutes', values.minutes),
    seed: wholeNumber('seed', values.seed),
    clients: Math.max(1, wholeNumber('clients', values.clients)),
    minOperations: wholeNumber('operations', values.operations),
    minKills: wholeNumber('kills', values.kills),
    apps: values.apps,
    reports: values.reports,
    counts: values.counts ?? null,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidOptionError(`--${name} must be a number above zero, not ${text}`);
  return value;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidOptionError(`--${name} must be a whole number, not ${text}`);
  return Number(text);
}
