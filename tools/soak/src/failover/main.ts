import { parseArgs } from 'node:util';
import { FAULTS, type FaultName } from './faults';
import { measure } from './measure';
import type { Outcome } from './outcome';
import { SETTINGS, type SettingName } from './settings';
import { costLine, tableHead, tableRow } from './table';
import { measureWaitCost } from './wait-cost';

const { values } = parseArgs({
  options: {
    fault: { type: 'string', multiple: true },
    setting: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '1' },
    cost: { type: 'boolean', default: false },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** Beside the table, which is for a page. */
const note = (text: string): void => void process.stderr.write(`${text}\n`);

const chosen = <Name extends string>(all: object, names: readonly string[] | undefined): Name[] => {
  const known = Object.keys(all);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}, only: ${known.join('; ')}`);
  return (names ?? known) as Name[];
};

async function compareFaults(rounds: number): Promise<void> {
  if (!(rounds >= 1)) throw new Error('--rounds must be a number of at least 1');
  say(tableHead());
  for (const fault of chosen<FaultName>(FAULTS, values.fault)) {
    for (const setting of chosen<SettingName>(SETTINGS, values.setting)) {
      if ('REDIS_WAIT_REPLICAS' in SETTINGS[setting] && !FAULTS[fault].hasReplicas) continue;
      say(tableRow({ fault, setting, rounds: await repeat(fault, setting, rounds) }));
    }
  }
}

/** A round that could not be checked is left out, and makes the exit code 1. */
async function repeat(fault: FaultName, setting: SettingName, rounds: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let round = 1; round <= rounds; round++) {
    const name = `${fault}, ${setting}, round ${round}`;
    try {
      const outcome = await measure(fault, setting);
      outcomes.push(outcome);
      note(`${name}: ${JSON.stringify(outcome)}`);
    } catch (error) {
      process.exitCode = 1;
      note(`${name} could not be checked: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  return outcomes;
}

async function compareCosts(): Promise<void> {
  for (const replicas of ['1', 'all'] as const) {
    for (const clients of [1, 32]) say(costLine(await measureWaitCost(clients, replicas)));
  }
}

await (values.cost ? compareCosts() : compareFaults(Number(values.rounds)));
