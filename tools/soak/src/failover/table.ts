import type { FaultName } from './faults';
import type { Outcome } from './outcome';
import type { SettingName } from './settings';
import type { WaitCost } from './wait-cost';

/** All rounds of one fault with one setting. */
export interface Row {
  readonly fault: FaultName;
  readonly setting: SettingName;
  readonly rounds: readonly Outcome[];
}

const sum =
  (name: 'acknowledged' | 'lost' | 'doubleGrants' | 'callsOnTwoPods' | 'leaks' | 'stuck') =>
  ({ rounds }: Row): number =>
    rounds.reduce((total, round) => total + round[name], 0);

const COLUMNS: Readonly<Record<string, (row: Row) => string | number>> = {
  Fault: ({ fault }) => fault,
  Setting: ({ setting }) => setting,
  Rounds: ({ rounds }) => rounds.length,
  Acknowledged: sum('acknowledged'),
  Lost: sum('lost'),
  'Double grants': sum('doubleGrants'),
  'Calls on two pods': sum('callsOnTwoPods'),
  Leaks: sum('leaks'),
  'Processes stuck': sum('stuck'),
  'Outage (min / median / max)': ({ rounds }) => outages(rounds.map(({ outageMs }) => outageMs)),
};

function outages(unsorted: readonly number[]): string {
  const sorted = [...unsorted].sort((a, b) => a - b);
  const at = (index: number): string => ((sorted[index] ?? NaN) / 1_000).toFixed(1);
  return `${at(0)} / ${at(Math.floor(sorted.length / 2))} / ${at(sorted.length - 1)} s`;
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

export const tableHead = (): string => `${line(Object.keys(COLUMNS))}\n${line(Object.keys(COLUMNS).map(() => '---'))}`;

export const tableRow = (row: Row): string => line(Object.values(COLUMNS).map((cell) => cell(row)));

export function costLine({ clients, replicas, without, with: waiting }: WaitCost): string {
  const ratio = (waiting.cyclesPerSecond / without.cyclesPerSecond).toFixed(2);
  const times = `${without.medianMs.toFixed(2)} ms without, ${waiting.medianMs.toFixed(2)} ms with`;
  return `${clients} clients: ${ratio} of the cycles with WAIT for ${replicas}; a request takes ${times} (medians)`;
}
