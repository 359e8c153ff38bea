import { StoreUnavailableError } from '@smart-router/routing-store';
import { type Answer, breakStore, startTestApi, FORM } from '../testing/test-api';

/** What an error may know and a client may not: a host, a path, what Redis said. */
const DETAILS = 'WRONGTYPE canary at /srv/canary/store.ts:7:13 from redis-canary.internal:6379 (10.9.8.7)';

const LEAKS = /canary|WRONGTYPE|10\.9\.8\.7|\/srv\/|node_modules|\.[tj]s:\d|\bat \S+ \(|Error:/;

const withCode = (code: unknown) => Object.assign(new Error(DETAILS), { code });

const FAULTS: readonly (readonly [string, unknown])[] = [
  ['an unreachable store', new StoreUnavailableError(new Error(DETAILS))],
  ['an error reply', Object.assign(new Error(DETAILS), { command: { name: 'evalsha', args: [DETAILS] } })],
  ['a broken connection', withCode('ECONNRESET')],
  ['a code that is none', withCode(`INTERNAL ${DETAILS}`)],
  ['a code that is no text', withCode({ DETAILS })],
  ['an error that claims a status', Object.assign(new Error(DETAILS), { statusCode: 400, headers: { via: DETAILS } })],
  ['an error with a cause', new Error(DETAILS, { cause: withCode('STORE_UNAVAILABLE') })],
  ['several errors', new AggregateError([new Error(DETAILS)], DETAILS)],
  ['a thrown text', DETAILS],
  ['a thrown object', { message: DETAILS, response: { body: DETAILS } }],
  ['nothing at all', undefined],
];

const REQUESTS: readonly (readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>])[] =
  [
    ['POST', '/api/v1/allocate', { call_sid: 'c-1', merchant_id: 'm-1' }],
    ['POST', '/api/v1/release', { call_sid: 'c-1' }],
    ['POST', '/api/v1/drain', { pod_name: 'gold-0' }],
    ['POST', '/api/v1/undrain', { pod_name: 'gold-0' }],
    ['GET', '/api/v1/status'],
    ['GET', '/api/v1/pods'],
    ['GET', '/api/v1/pod/gold-0'],
    ['GET', '/api/v1/calls'],
    ['GET', '/api/v1/calls/c-1'],
    ['POST', '/api/v1/calls/c-1/heartbeat'],
    ['GET', '/api/v1/merchants'],
    ['GET', '/api/v1/merchants/export'],
    ['GET', '/api/v1/merchants/m-1'],
    ['PUT', '/api/v1/merchants/m-1', { tier: 'gold' }],
    ['DELETE', '/api/v1/merchants/m-1'],
    ['GET', '/api/v1/tier-config/versions'],
    ['PUT', '/api/v1/tier-config', { version: 1, tiers: { gold: { target: 1 } } }],
    ['PUT', '/api/v1/tier-config?dry_run=true', { tiers: { gold: { target: 1 } } }],
    ['GET', '/api/v1/audit'],
    ['POST', '/api/v1/tier-config/rollback', { to_version: 1, version: 1 }],
    ['POST', '/api/v1/reconcile'],
    ['POST', '/api/v1/twilio/allocate', 'CallSid=c-1', FORM],
    ['POST', '/api/v1/twilio/status', 'CallSid=c-1&CallStatus=completed', FORM],
    ['POST', '/api/v1/plivo/allocate', 'CallUUID=c-1', FORM],
    ['GET', '/api/v1/exotel/allocate?CallSid=c-1'],
    ['POST', '/api/v1/exotel/status', { CallSid: 'c-1', Status: 'completed' }],
    ['GET', '/ready'],
    ['GET', '/health/details'],
    ['GET', '/health/startup'],
    ['GET', '/metrics'],
  ];

function leakOf({ text, headers }: Answer): string | undefined {
  return LEAKS.exec(text + JSON.stringify(headers))?.[0];
}

describe.each(FAULTS)('answers after %s', (_name, failure) => {
  it('show nothing of it, on any route', async () => {
    const api = await startTestApi();
    breakStore(api.store, failure);
    const answers: [string, Answer][] = [];
    for (const [method, path, body, headers] of REQUESTS) {
      answers.push([`${method} ${path}`, await api.send(method, path, body, headers)]);
    }
    await api.close();
    const leaks = answers.map(([route, answer]) => [route, leakOf(answer)]).filter(([, leak]) => leak !== undefined);
    expect(leaks).toEqual([]);
    // Else nothing was tried: most routes ask the store.
    expect(answers.filter(([, { status }]) => status >= 400).length).toBeGreaterThan(15);
  });
});

it('an unreachable store is 502 STORE_UNAVAILABLE on every route of the API that needs it', async () => {
  const api = await startTestApi();
  breakStore(api.store);
  // Providers have answers of their own, and the status says what it can without the store.
  const asking = REQUESTS.filter(([, path]) => /^\/api\/v1\/(?!status|twilio|plivo|exotel)/.test(path));
  const answers: unknown[] = [];
  for (const [method, path, body] of asking) {
    const answer = await api.send(method, path, body);
    answers.push([method, path, answer.status, answer.body['code']]);
  }
  await api.close();
  expect(answers).toEqual(asking.map(([method, path]) => [method, path, 502, 'STORE_UNAVAILABLE']));
});

it('a leak would be seen', () => {
  expect(leakOf({ status: 500, headers: {}, text: `{"error":"${DETAILS}"}`, body: {} })).toBeDefined();
});
