import { bestFifth, median, pairRatios, summarize } from '../measure/statistics';
import { formatNumber, formatTable } from '../report/markdown-table';

/** What is measured of every participant in every round. Processor time is of 10,000 cycles. */
export const MEASURES = {
  apiCpu: { name: 'processor time of the API', unit: 's', better: 'lower' },
  redisCpu: { name: 'processor time of Redis', unit: 's', better: 'lower' },
  cycles: { name: 'cycles', unit: '1/s', better: 'higher' },
  p50: { name: 'allocate p50', unit: 'ms', better: 'lower' },
  p99: { name: 'allocate p99', unit: 'ms', better: 'lower' },
  memory: { name: 'resident memory', unit: 'MB', better: 'lower' },
} as const;

export type MeasureName = keyof typeof MEASURES;
export type Sample = Readonly<Record<MeasureName, number>>;
/** Per participant, in the order of the rounds. The first one is compared with each of the others. */
export type Samples = Readonly<Record<string, readonly Sample[]>>;

const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];
const VALUE_HEAD = ['Measured', 'Unit', 'Of', 'Median', 'Best fifth', 'Lowest to highest'];
const RATIO_HEAD = ['Measured', 'Ratio', 'Median of pairs', 'Of the best fifths', 'Lowest to highest'];

/** One line for the terminal, as soon as it is measured. */
export function sampleLine(round: number, participant: string, sample: Sample): string {
  const values = MEASURE_NAMES.map((measure) => {
    const { name, unit } = MEASURES[measure];
    return `${name} ${formatNumber(sample[measure])} ${unit}`;
  });
  return `round ${round + 1}  ${participant.padEnd(8)} ${values.join(', ')}`;
}

/** What each participant needed, and what the first needed for each part of what another did. */
export function comparisonTables(samples: Samples): string {
  const values = MEASURE_NAMES.flatMap((measure) => valueRows(measure, samples));
  const ratios = MEASURE_NAMES.flatMap((measure) => ratioRows(measure, samples));
  const tables = [
    formatTable([VALUE_HEAD, ...values], new Set([3, 4, 5])),
    formatTable([RATIO_HEAD, ...ratios], new Set([2, 3, 4])),
  ];
  return tables.join('\n\n');
}

function valueRows(measure: MeasureName, samples: Samples): string[][] {
  const { name, unit, better } = MEASURES[measure];
  return Object.entries(samples).map(([participant, taken]) => {
    const values = taken.map((sample) => sample[measure]);
    return [name, unit, participant, ...[median(values), bestFifth(values, better)].map(formatNumber), spread(values)];
  });
}

function ratioRows(measure: MeasureName, samples: Samples): string[][] {
  const { name, better } = MEASURES[measure];
  const valuesOf = (taken: readonly Sample[]): number[] => taken.map((sample) => sample[measure]);
  const [[first, own], ...others] = Object.entries(samples) as [[string, Sample[]], ...[string, Sample[]][]];
  return others.map(([other, taken]) => {
    const [ours, theirs] = [valuesOf(own), valuesOf(taken)];
    const pairs = pairRatios(ours, theirs);
    const ofBest = bestFifth(ours, better) / bestFifth(theirs, better);
    return [name, `${first} / ${other}`, ...[median(pairs), ofBest].map(formatNumber), spread(pairs)];
  });
}

function spread(values: readonly number[]): string {
  const { lowest, highest } = summarize(values);
  return `${formatNumber(lowest)} to ${formatNumber(highest)}`;
}
