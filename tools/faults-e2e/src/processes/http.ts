import type { AppProcess } from '@smart-router/testbed';

/** Above every request deadline here: no answer until then is a hang. */
const ANSWER_TIMEOUT_MS = 20_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `{}` where it is no JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** @throws where there is no answer at all */
export async function ask(url: string, request: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body = isJson ? (JSON.parse(text) as Answer['body']) : {};
  return { status: response.status, headers: response.headers, text, body };
}

export function post(baseUrl: string, path: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return ask(`${baseUrl}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

export const allocate = ({ baseUrl }: Pick<AppProcess, 'baseUrl'>, callSid: string): Promise<Answer> =>
  post(baseUrl, '/allocate', { call_sid: callSid });

export const release = ({ baseUrl }: Pick<AppProcess, 'baseUrl'>, callSid: string): Promise<Answer> =>
  post(baseUrl, '/release', { call_sid: callSid });

/** How many calls live, as this process sees it. */
export async function activeCalls({ baseUrl }: Pick<AppProcess, 'baseUrl'>): Promise<number> {
  return Number((await ask(`${baseUrl}/api/v1/status`)).body['active_calls']);
}
