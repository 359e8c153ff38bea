import { parseArgs } from 'node:util';
import { FAULTS, type FaultName } from './faults';
import { measure } from './measure';
import type { Outcome } from './outcome';
import { SETTINGS, type SettingName } from './settings';
import { costLine, tableHead, tableRow } from './table';
import { measureWaitCost } from './wait-cost';

const OPTIONS = {
  fault: { type: 'string', multiple: true },
  setting: { type: 'string', multiple: true },
  rounds: { type: 'string', default: '1' },
  cost: { type: 'boolean', default: false },
  apps: { type: 'string', default: 'dist/apps' },
} as const;

/** Lets Redis fail and prints a table of what was lost. @returns 1 where a round could not be checked, else 0 */
export async function runFailovers(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (!values.cost) return compareFaults(values);
  await compareCosts(values.apps);
  return 0;
}

interface Choice {
  readonly fault?: readonly string[];
  readonly setting?: readonly string[];
  readonly rounds: string;
  readonly apps: string;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** Beside the table, which is for a page. */
const note = (text: string): void => void process.stderr.write(`${text}\n`);

const chosen = <Name extends string>(all: object, names: readonly string[] | undefined): Name[] => {
  const known = Object.keys(all);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}, only: ${known.join('; ')}`);
  return (names ?? known) as Name[];
};

async function compareFaults({ apps, ...choice }: Choice): Promise<number> {
  const rounds = Number(choice.rounds);
  if (!(rounds >= 1)) throw new Error('--rounds must be a number of at least 1');
  say(tableHead());
  let missing = 0;
  for (const fault of chosen<FaultName>(FAULTS, choice.fault)) {
    for (const setting of chosen<SettingName>(SETTINGS, choice.setting)) {
      if ('REDIS_WAIT_REPLICAS' in SETTINGS[setting] && !FAULTS[fault].hasReplicas) continue;
      const outcomes = await repeat(fault, setting, { rounds, apps });
      missing += rounds - outcomes.length;
      say(tableRow({ fault, setting, rounds: outcomes }));
    }
  }
  return missing > 0 ? 1 : 0;
}

/** @returns the outcomes; a round that could not be checked is left out */
async function repeat(
  fault: FaultName,
  setting: SettingName,
  { rounds, apps }: { readonly rounds: number; readonly apps: string },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let round = 1; round <= rounds; round++) {
    const name = `${fault}, ${setting}, round ${round}`;
    try {
      const outcome = await measure(fault, setting, { apps });
      outcomes.push(outcome);
      note(`${name}: ${JSON.stringify(outcome)}`);
    } catch (error) {
      note(`${name} could not be checked: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  return outcomes;
}

async function compareCosts(apps: string): Promise<void> {
  for (const replicas of ['1', 'all'] as const) {
    for (const clients of [1, 32]) say(costLine(await measureWaitCost({ clients, replicas, apps })));
  }
}
