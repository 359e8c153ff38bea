/** The values of a scrape, by name and labels as they stand in the text: `up{job="a"}`. */
export type Metrics = ReadonlyMap<string, number>;

/** Reads Prometheus text. Lines that are none of it are left out. */
export function readMetrics(text: string): Metrics {
  const samples = text.split('\n').flatMap((line): [string, number][] => {
    const [, series, value] = /^([a-z_:][^\s{]*(?:\{.*\})?) (\S+)$/i.exec(line) ?? [];
    return series === undefined ? [] : [[series, Number(value)]];
  });
  return new Map(samples);
}

/** The values of a metric by one of its labels. */
export function byLabel(metrics: Metrics, name: string, label: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [series, value] of metrics) {
    const [, given] = new RegExp(`^${name}\\{(?:.*,)?${label}="([^"]*)"`).exec(series) ?? [];
    if (given !== undefined) found.set(given, value);
  }
  return found;
}
