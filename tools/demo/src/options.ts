import { parseArgs } from 'node:util';
import { MAX_AGENTS } from './network';

export interface DemoOptions {
  /** How many seconds calls are placed; `null`: until it is stopped. */
  readonly seconds: number | null;
  readonly callsPerSecond: number;
  /** Mean length of a call; one lasts half to one and a half times as long. */
  readonly callSeconds: number;
  readonly agents: number;
  /** First of the four ports of 127.0.0.1: API, voice router, Prometheus, Alertmanager. */
  readonly port: number;
  /** In place of the `for` of every alert, in seconds; `null`: the chart's own. */
  readonly alertSeconds: number | null;
  /** Settings of the product, over those of the demo. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The options do not make sense; the message says which. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

export const HELP = `The whole product alive on this machine: Redis, a cluster, agents, the voice router, and calls.

  npm run demo -- [options]

  --calls-per-second 2   how many calls begin in a second, 0 to 100
  --call-seconds 6       how long a call lasts on average, 0.2 to 600
  --agents 8             voice agents, 5 to ${MAX_AGENTS}; each is a process of some 50 MB
  --seconds 60           end after this time; default: when it is stopped
  --port 8080            first of the four ports of 127.0.0.1: API, voice router, Prometheus, Alertmanager
  --alert-seconds 5      alerts fire after this time, in place of the minutes of the chart
  --set NAME=value       a setting of API and workers, such as LOG_LEVEL=debug; may be repeated
  --help

Exit codes: 0 done, 1 something failed, 2 wrong usage.
`;

const SPEC = {
  'calls-per-second': { type: 'string', default: '2' },
  'call-seconds': { type: 'string', default: '6' },
  agents: { type: 'string', default: '8' },
  seconds: { type: 'string' },
  port: { type: 'string', default: '8080' },
  'alert-seconds': { type: 'string' },
  set: { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', default: false },
} as const;

/** @returns `null` where help is asked for @throws UsageError that names the mistake */
export function parseOptions(args: readonly string[]): DemoOptions | null {
  const values = parse(args);
  if (values.help) return null;
  return {
    seconds: values.seconds === undefined ? null : inRange('seconds', values.seconds, [1, 86_400]),
    callsPerSecond: inRange('calls-per-second', values['calls-per-second'], [0, 100]),
    callSeconds: inRange('call-seconds', values['call-seconds'], [0.2, 600]),
    agents: whole('agents', values.agents, [5, MAX_AGENTS]),
    port: whole('port', values.port, [1, 65_532]),
    alertSeconds:
      values['alert-seconds'] === undefined ? null : whole('alert-seconds', values['alert-seconds'], [0, 3600]),
    settings: Object.fromEntries(values.set.map(readSetting)),
  };
}

function readSetting(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`--set must be NAME=value, not ${text}.`);
  return [name, value];
}

type Range = readonly [least: number, most: number];

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: SPEC, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${reason}. npm run demo -- --help lists the options.`);
  }
}

function inRange(name: string, text: string, [least, most]: Range): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be a number from ${least} to ${most}, not ${text}.`);
}

function whole(name: string, text: string, [least, most]: Range): number {
  const value = inRange(name, text, [least, most]);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${name} must be a whole number, not ${text}.`);
}
