import { sendRequest } from './http-client';

/** The value of a metric. @param series its name, with its labels where it has some. @throws where there is none */
export async function readMetric({ metricsUrl }: { readonly metricsUrl: string }, series: string): Promise<number> {
  const { text } = await sendRequest(`${metricsUrl}/metrics`);
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  if (line === undefined) throw new Error(`there is no metric ${series}`);
  return Number(line.slice(series.length + 1));
}
