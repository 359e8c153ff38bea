/** What repeated measurements of one thing say. */
export interface Summary {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly repeats: number;
}

/** @throws where there are no samples: a row that measured nothing must not look like a row */
export function summarize(samples: readonly number[]): Summary {
  const sorted = ascending(samples);
  return {
    median: quantile(sorted, 0.5),
    lowest: quantile(sorted, 0),
    highest: quantile(sorted, 1),
    repeats: sorted.length,
  };
}

export function median(samples: readonly number[]): number {
  return quantile(ascending(samples), 0.5);
}

/** What a fifth of the samples are better than: other work on the machine makes most of them worse, and luck one or two better. */
export function bestFifth(samples: readonly number[], better: 'higher' | 'lower'): number {
  return quantile(ascending(samples), better === 'lower' ? 0.2 : 0.8);
}

/** Time per answer, in milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export function latenciesOf(samplesMs: readonly number[]): Latencies {
  const sorted = ascending(samplesMs);
  return {
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
    max: quantile(sorted, 1),
  };
}

/**
 * Divides measurement by measurement: the n-th pair was taken one right after the other, so that whatever else the
 * machine was doing then has slowed both.
 * @throws where the numbers of measurements differ
 */
export function pairRatios(numerators: readonly number[], denominators: readonly number[]): number[] {
  if (numerators.length !== denominators.length) {
    throw new Error(`${numerators.length} measurements cannot be paired with ${denominators.length}`);
  }
  return numerators.map((numerator, index) => numerator / (denominators[index] as number));
}

/** By linear interpolation between the two nearest ranks. */
function quantile(sorted: Float64Array, q: number): number {
  const last = sorted.length - 1;
  if (last < 0) throw new Error('nothing was measured');
  const position = q * last;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

function ascending(samples: readonly number[]): Float64Array {
  return Float64Array.from(samples).sort();
}
