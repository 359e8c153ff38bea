/** The metrics of a scrape, each with the labels that any of its series has. */
export type ExposedMetrics = ReadonlyMap<string, ReadonlySet<string>>;

const SERIES = /^([a-z_:][\w:]*)(?:\{(.*)\})? \S+/i;
const TYPE = /^# TYPE (\S+) \S+/;

/** @param texts in the format of Prometheus; a metric that has no series yet is there, without labels */
export function metricsIn(...texts: readonly string[]): ExposedMetrics {
  const metrics = new Map<string, Set<string>>();
  const labelsOf = (name: string): Set<string> => {
    const known = metrics.get(name) ?? new Set<string>();
    metrics.set(name, known);
    return known;
  };
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const declared = TYPE.exec(line)?.[1];
    if (declared !== undefined) labelsOf(declared);
    const [, name, labels = ''] = SERIES.exec(line) ?? [];
    if (name === undefined) continue;
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) labelsOf(name).add(label);
    labelsOf(name);
  }
  return metrics;
}
