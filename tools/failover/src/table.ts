import type { Measurement } from './measure';
import type { WaitCost } from './wait-cost';

const COLUMNS: Readonly<Record<string, (row: Measurement) => string | number>> = {
  Fault: ({ fault }) => fault,
  Setting: ({ setting }) => setting,
  Acknowledged: ({ acknowledged }) => acknowledged,
  Lost: ({ lost }) => lost,
  'Double grants': ({ doubleGrants }) => doubleGrants,
  'Calls on two pods': ({ callsOnTwoPods }) => callsOnTwoPods,
  Leaks: ({ leaks }) => leaks,
  'Recovered after': ({ recoveryMs }) => `${(recoveryMs / 1_000).toFixed(1)} s`,
};

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

export const tableHead = (): string => `${line(Object.keys(COLUMNS))}\n${line(Object.keys(COLUMNS).map(() => '---'))}`;

export const tableRow = (row: Measurement): string => line(Object.values(COLUMNS).map((cell) => cell(row)));

export function costLine({ clients, without, with: waiting }: WaitCost): string {
  const ratio = (waiting.cyclesPerSecond / without.cyclesPerSecond).toFixed(2);
  const times = `${without.medianMs.toFixed(2)} ms without, ${waiting.medianMs.toFixed(2)} ms with`;
  return `${clients} clients: ${ratio} of the cycles with WAIT; a request takes ${times} (medians)`;
}
