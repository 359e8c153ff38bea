import { ERROR_CODES, type ErrorCode } from '@smart-router/http';
import { type CallOperations, createProviders, type Provider, WebhookHandler } from '@smart-router/providers';
import { StoreDamagedError, StoreHeldError, StoreUnavailableError, WrongStoreError } from '@smart-router/routing-store';

const PROVIDER_SETTINGS = {
  spoken: { noCapacity: 'busy', failure: 'failed' },
  strictIds: true,
  twilio: { authTokens: () => [] },
  plivo: { authTokens: () => [], acceptV2: false },
  exotel: { webhookTokens: () => ['secret'] },
};

/** Exotel is the one that is answered with codes. */
function exotel(): Provider {
  const provider = createProviders(PROVIDER_SETTINGS).get('exotel');
  if (provider === undefined) throw new Error('no provider exotel');
  return provider;
}

interface Failure {
  readonly allocate?: CallOperations['allocate'];
  readonly provider?: Provider;
  readonly token?: string;
  readonly query?: string;
  readonly body?: string;
}

/** What a webhook that fails in this way is answered. */
async function answerTo({ allocate, provider = exotel(), token = 'secret', query = '', body = '' }: Failure) {
  const never = () => new Promise<never>(() => undefined);
  const handler = new WebhookHandler(
    { allocate: allocate ?? never, endCall: never },
    { add: () => undefined, isPending: () => false },
    { answered: () => undefined, refused: () => undefined },
    {
      publicUrl: { publicBaseUrl: 'https://calls.example.com', trustForwarded: false },
      deadlineMs: 1,
      // What waits for nothing but promises is in time.
      clock: { now: () => 0, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
      acceptUnverified: [],
      storeDown: 'speak',
      maxUnknownEnds: 9,
      unknownEnds: { isExceeded: () => false, count: () => undefined },
    },
  );
  const { answer } = await handler.allocate(provider, {
    method: 'POST',
    originalUrl: `/x?token=${token}${query}`,
    encrypted: true,
    isFromProxy: true,
    clientAddress: '192.0.2.1',
    headers: { 'content-type': 'application/json' },
    rawBody: Buffer.from(body),
    pathTemplate: null,
    requestId: 'req-1',
  });
  const { error, code } = JSON.parse(answer.body) as { error: string; code: ErrorCode };
  return { code, status: answer.status, text: error, retryAfter: answer.headers['retry-after'] };
}

const CALL = '&CallSid=c-1';

const FAILURES: [ErrorCode, Failure][] = [
  [
    'NO_PODS_AVAILABLE',
    {
      query: CALL,
      allocate: async () => ({
        kind: 'no-capacity',
        reason: 'full',
        attempts: [{ pool: 'standard', outcome: 'full' }],
      }),
    },
  ],
  ['CALL_ENDED', { query: CALL, allocate: async () => ({ kind: 'call-ended' }) }],
  ['STORE_UNAVAILABLE', { query: CALL, allocate: () => Promise.reject(new StoreUnavailableError(new Error('cut'))) }],
  ['STORE_RECOVERING', { query: CALL, allocate: () => Promise.reject(new StoreHeldError()) }],
  ['WRONG_STORE', { query: CALL, allocate: () => Promise.reject(new WrongStoreError('another')) }],
  ['STORE_DAMAGED', { query: CALL, allocate: () => Promise.reject(new StoreDamagedError('WRONGTYPE')) }],
  ['DEADLINE_EXCEEDED', { query: CALL }],
  ['INVALID_BODY', { body: '{' }],
  ['UNAUTHORIZED', { token: 'wrong' }],
  [
    'FORBIDDEN',
    { provider: createProviders({ ...PROVIDER_SETTINGS, exotel: { webhookTokens: () => [] } }).get('exotel') },
  ],
];

describe('answers of a provider that reads codes', () => {
  it.each(FAILURES)('have status, text and Retry-After of the error table for %s', async (code, failure) => {
    const { status, text, retryAfterSeconds } = { retryAfterSeconds: undefined, ...ERROR_CODES[code] };
    expect(await answerTo(failure)).toEqual({ code, status, text, retryAfter: retryAfterSeconds?.toString() });
  });

  it('have the status of the error table for a store that does not answer in time', async () => {
    const cause = Object.assign(new Error('no answer'), { isTimeout: true });
    const answer = await answerTo({ query: CALL, allocate: () => Promise.reject(new StoreUnavailableError(cause)) });
    expect(answer).toMatchObject({ code: 'STORE_UNAVAILABLE', status: ERROR_CODES.STORE_UNAVAILABLE.timeoutStatus });
  });

  it('have the status of the error table for an invalid field, and name the field', async () => {
    const { status } = ERROR_CODES.INVALID_FIELD;
    expect(await answerTo({ query: '' })).toMatchObject({
      code: 'INVALID_FIELD',
      status,
      text: 'CallSid is required',
    });
  });

  it('are 500 for an unexpected failure, with the code of the error table', async () => {
    const answer = await answerTo({ query: CALL, allocate: () => Promise.reject(new TypeError('broken')) });
    expect(answer).toMatchObject({ code: 'INTERNAL', status: 500, text: ERROR_CODES.INTERNAL.text });
  });
});
