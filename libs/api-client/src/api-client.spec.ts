import { answerOf, type ApiClientOptions, createApiClient } from './api-client';
import { RefusedError, UnreachableError } from './api-errors';

interface Answer {
  readonly status?: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const STATUS = { status: 'up', pools: {} };
const FULL: Answer = {
  status: 503,
  body: { error: 'no pods available', code: 'NO_PODS_AVAILABLE', request_id: 'r1', reason: 'full' },
  headers: { 'retry-after': '1' },
};
const AWAY: Answer = { ...FULL, headers: { 'retry-after': '0' } };

/** Answers one after the other; an Error is a connection that fails. The last one stays. */
function server(...answers: readonly (Answer | Error)[]) {
  const seen: Request[] = [];
  const fetch: NonNullable<ApiClientOptions['fetch']> = async (request) => {
    const answer = answers[Math.min(seen.push(request), answers.length) - 1] as Answer | Error;
    if (answer instanceof Error) throw new TypeError('fetch failed', { cause: answer });
    const { body, headers, status = 200 } = answer;
    return typeof body === 'string'
      ? new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } })
      : Response.json(body, { status, ...(headers && { headers }) });
  };
  const open = (options: Partial<ApiClientOptions> = {}) =>
    createApiClient({ baseUrl: 'http://router:8080', retryDelayMs: 1, fetch, ...options });
  return { seen, open };
}

const failureOf = (request: Promise<unknown>): Promise<unknown> =>
  request.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );

describe('createApiClient', () => {
  it('returns the body of a success', async () => {
    const { open } = server({ body: STATUS });
    expect(await answerOf(open().GET('/api/v1/status'))).toEqual(STATUS);
  });

  it('sends the key, and the parameters where they belong', async () => {
    const { open, seen } = server({ body: {} });
    await open({ key: 's3cret' }).PUT('/api/v1/merchants/{merchant_id}', {
      params: { path: { merchant_id: 'a:b' }, query: { dry_run: true } },
      body: { tier: 'gold' },
    });
    expect(seen[0]?.url).toBe('http://router:8080/api/v1/merchants/a%3Ab?dry_run=true');
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer s3cret');
    expect(await seen[0]?.json()).toEqual({ tier: 'gold' });
  });

  it('rejects with code, request id, status and Retry-After where the server refuses', async () => {
    const { open } = server(FULL);
    const error = await failureOf(answerOf(open().POST('/api/v1/allocate', { body: { call_sid: 'CA1' } })));
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({
      message: 'no pods available',
      request: 'POST /api/v1/allocate',
      ...{ status: 503, code: 'NO_PODS_AVAILABLE', requestId: 'r1', retryAfterSeconds: 1 },
      body: { reason: 'full' },
    });
  });

  it('rejects with the status as code where the body has none', async () => {
    const { open } = server({ status: 418, body: { kind: 'teapot' } });
    expect(await failureOf(open().GET('/api/v1/status'))).toMatchObject({
      ...{ name: 'RefusedError', code: 'HTTP_418', requestId: null, retryAfterSeconds: null },
      message: 'GET /api/v1/status was answered with 418',
    });
  });

  it.each([
    ['a page of a proxy', { status: 502, body: '<h1>Bad Gateway</h1>' }],
    ['a page of another server', { body: '<h1>Welcome</h1>' }],
  ])('says that no Smart Router answers when it gets %s', async (_what, answer) => {
    const error = await failureOf(server(answer).open().GET('/api/v1/status'));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ reason: 'foreign-answer', message: expect.stringContaining('no Smart Router') });
  });

  it('names the cause of a connection that fails', async () => {
    const { open } = server(new Error('connect ECONNREFUSED 127.0.0.1:8080'));
    expect(await failureOf(open().GET('/api/v1/status'))).toMatchObject({
      reason: 'connection',
      message: 'cannot reach http://router:8080: connect ECONNREFUSED 127.0.0.1:8080',
    });
  });
});

describe('a repetition', () => {
  const BROKEN = new Error('socket hang up');

  it('follows a GET whose connection fails', async () => {
    const { open, seen } = server(BROKEN, BROKEN, { body: STATUS });
    expect(await answerOf(open().GET('/api/v1/status'))).toEqual(STATUS);
    expect(seen).toHaveLength(3);
  });

  it('follows a GET whose answer says when to come again', async () => {
    const { open, seen } = server(AWAY, { body: STATUS });
    expect(await answerOf(open().GET('/api/v1/status'))).toEqual(STATUS);
    expect(seen).toHaveLength(2);
  });

  it.each([
    ['more often than asked for', [BROKEN], { retries: 1 }, 2],
    ['to an answer that does not ask for it', [{ ...FULL, headers: {} }], {}, 1],
    ['when its time would be over by then', [FULL], { timeoutMs: 900 }, 1],
  ])('does not come %s', async (_when, answers, options, requests) => {
    const { open, seen } = server(...answers);
    expect(await failureOf(open(options).GET('/api/v1/status'))).toBeInstanceOf(Error);
    expect(seen).toHaveLength(requests);
  });

  it.each([BROKEN, AWAY])('does not follow what may change something (%#)', async (answer) => {
    const { open, seen } = server(answer, { body: {} });
    expect(await failureOf(open().POST('/api/v1/release', { body: { call_sid: 'CA1' } }))).toBeInstanceOf(Error);
    expect(seen).toHaveLength(1);
  });

  it('stops with the reason of the signal', async () => {
    const stop = new AbortController();
    const { open } = server(BROKEN);
    const answer = failureOf(
      open({ retryDelayMs: 60_000, timeoutMs: 600_000, signal: stop.signal }).GET('/api/v1/status'),
    );
    stop.abort(new Error('interrupted'));
    expect(await answer).toMatchObject({ message: 'interrupted' });
  });
});

/** Compiled by `npm run typecheck`, and never run. */
export const misuses = (client: ReturnType<typeof createApiClient>) => [
  // @ts-expect-error there is no such path
  client.GET('/api/v1/stauts'),
  // @ts-expect-error a pod has a name
  client.GET('/api/v1/pods/{pod_name}'),
  // @ts-expect-error a reason is a text
  client.POST('/api/v1/release', { body: { call_sid: 'x', reason: {} } }),
  // @ts-expect-error a call has an id
  client.POST('/api/v1/allocate', { body: { merchant_id: 'acme' } }),
  // @ts-expect-error the pod of a drain is called pod_name
  client.POST('/api/v1/drain', { body: { pod: 'voice-agent-0' } }),
];
