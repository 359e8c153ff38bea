import type { AppProcess } from '@smart-router/testbed';

/** Above every request deadline here: no answer until then is a hang. */
const ANSWER_TIMEOUT_MS = 20_000;

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export function post(app: AppProcess, path: string, body: object): Promise<Answer> {
  return send(app, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export function get(app: AppProcess, path: string): Promise<Answer> {
  return send(app, path, {});
}

/** @throws where there is no answer at all */
async function send({ baseUrl }: AppProcess, path: string, request: RequestInit): Promise<Answer> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const response = await fetch(`${baseUrl}/api/v1${path}`, { ...request, signal });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** The value of a metric without labels. @throws where there is none */
export async function metric({ metricsUrl }: AppProcess, name: string): Promise<number> {
  const response = await fetch(`${metricsUrl}/metrics`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(await response.text()) ?? [];
  if (value === undefined) throw new Error(`there is no metric ${name}`);
  return Number(value);
}
