import { parseArgs } from 'node:util';
import { FAULTS, type FaultName, hasReplicas } from './faults';
import { measure } from './measure';
import { SETTINGS, type SettingName } from './settings';
import { costLine, tableHead, tableRow } from './table';
import { measureWaitCost } from './wait-cost';

const { values } = parseArgs({
  options: {
    fault: { type: 'string' },
    setting: { type: 'string' },
    rounds: { type: 'string', default: '1' },
    cost: { type: 'boolean', default: false },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const chosen = <Name extends string>(all: object, name: string | undefined): Name[] => {
  const names = Object.keys(all).filter((one) => name === undefined || one === name);
  if (names.length === 0) throw new Error(`there is no ${name}, only: ${Object.keys(all).join('; ')}`);
  return names as Name[];
};

async function compareFaults(): Promise<void> {
  say(tableHead());
  for (const fault of chosen<FaultName>(FAULTS, values.fault)) {
    for (const setting of chosen<SettingName>(SETTINGS, values.setting)) {
      if ('REDIS_WAIT_REPLICAS' in SETTINGS[setting] && !hasReplicas(fault)) continue;
      for (let round = 1; round <= Number(values.rounds); round++) say(tableRow(await measure(fault, setting)));
    }
  }
}

async function compareCosts(): Promise<void> {
  for (const clients of [1, 32]) say(costLine(await measureWaitCost(clients)));
}

await (values.cost ? compareCosts() : compareFaults());
