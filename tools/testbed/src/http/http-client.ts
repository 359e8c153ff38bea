/** Well above the request deadline of the product and of the tests: no answer until then is a hang. */
const ANSWER_TIMEOUT_MS = 20_000;

export interface HttpReply<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where the answer is JSON, otherwise the text. */
  readonly body: Body;
  readonly text: string;
}

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 20000. */
  readonly timeoutMs?: number;
}

/** Sends one request. @throws where the connection fails, or no answer comes at all */
export async function sendRequest<Body>(url: string, request: HttpRequest = {}): Promise<HttpReply<Body>> {
  const { timeoutMs = ANSWER_TIMEOUT_MS, ...rest } = request;
  const response = await fetch(url, { ...rest, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : text) as Body,
    text,
  };
}

/** Sends a JSON body, or none. */
export function sendJson<Body>(
  method: string,
  url: string,
  body?: unknown,
  options: Pick<HttpRequest, 'timeoutMs'> = {},
): Promise<HttpReply<Body>> {
  if (body === undefined) return sendRequest<Body>(url, { method, ...options });
  const headers = { 'content-type': 'application/json' };
  return sendRequest<Body>(url, { method, headers, body: JSON.stringify(body), ...options });
}

/** Sends a form as providers do. @param url with its query */
export function sendForm(
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpReply<string>> {
  return sendRequest<string>(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}
