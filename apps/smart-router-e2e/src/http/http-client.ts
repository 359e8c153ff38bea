/** No answer may take longer, whatever is broken: well above the request deadline of the product. */
const ANSWER_TIMEOUT_MS = 15_000;

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
}

/** Sends one request. @throws where the connection fails, or no answer comes at all */
export async function sendRequest<Body>(url: string, request: HttpRequest = {}): Promise<HttpReply<Body>> {
  const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
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
export function sendJson<Body>(method: string, url: string, body?: unknown): Promise<HttpReply<Body>> {
  if (body === undefined) return sendRequest<Body>(url, { method });
  return sendRequest<Body>(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
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
