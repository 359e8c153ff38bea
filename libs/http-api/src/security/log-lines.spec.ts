import { StoreUnavailableError } from '@smart-router/routing-store';
import { breakStore, startTestApi, type TestApi, FORM } from '../testing/test-api';

const ID = 'line-1';

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi({ TWILIO_AUTH_TOKEN: 'canary-twilio-03', ACCEPT_UNVERIFIED_WEBHOOKS: 'exotel,plivo' });
});
afterEach(() => api.close());

const lineOf = () => api.logs.find((line) => line['request_id'] === ID && line['msg'] === 'request');

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  await api.send(method, path, body, { ...headers, 'x-request-id': ID });
  return lineOf();
}

describe('the line of a request', () => {
  it('has the address of the client', async () => {
    expect(await send('GET', '/api/v1/status')).toMatchObject({ level: 'info', client_address: '127.0.0.1' });
  });

  it('has the path that no route took, with the values of its query hidden', async () => {
    expect(await send('POST', '/api/v1/alocate?token=abc')).toMatchObject({
      level: 'info',
      status: 404,
      route: 'unmatched',
      path: '/api/v1/alocate?token=*',
    });
  });

  it.each([
    ['GET', '/api/v1/merchants/acme', { merchant_id: 'acme' }],
    ['PUT', '/api/v1/merchants/acme', { merchant_id: 'acme' }],
    ['DELETE', '/api/v1/merchants/acme', { merchant_id: 'acme' }],
    ['GET', '/api/v1/calls/call-1', { call_sid: 'call-1' }],
    ['POST', '/api/v1/calls/call-1/heartbeat', { call_sid: 'call-1' }],
    ['GET', '/api/v1/pods/gold-0', { pod_name: 'gold-0' }],
    ['GET', '/api/v1/pod/gold-0/drained', { pod_name: 'gold-0' }],
    ['GET', '/api/v1/tier-config/versions/7', { version: '7' }],
  ])('names the subject of %s %s', async (method, path, subject) => {
    expect(await send(method, path, method === 'PUT' ? { tier: 'gold' } : undefined)).toMatchObject(subject);
  });

  it('does not repeat what cannot be a name', async () => {
    expect(await send('GET', '/api/v1/calls/%2B919812345678')).not.toHaveProperty('call_sid');
  });

  it('has the version that a change of the tier config replaced, and the new one', async () => {
    const tiers = { standard: { type: 'exclusive', target: 3 } };
    expect(await send('PUT', '/api/v1/tier-config', { tiers, version: 1 })).toMatchObject({
      expected_version: 1,
      tier_config_version: 2,
    });
  });

  it('has the versions that a change of a merchant replaced, brought back and made', async () => {
    const rollback = { to_version: 1, version: 2 };
    expect(await send('PUT', '/api/v1/merchants/acme', { tier: 'gold' })).toMatchObject({ merchant_version: 1 });
    await api.put('/api/v1/merchants/acme', { tier: 'standard' });
    api.logs.length = 0;
    expect(await send('POST', '/api/v1/merchants/acme/rollback', rollback)).toMatchObject({
      expected_version: 2,
      to_version: 1,
      merchant_version: 3,
    });
  });

  it('has the version that a stale change of the tier config expected', async () => {
    const tiers = { standard: { type: 'exclusive', target: 3 } };
    expect(await send('PUT', '/api/v1/tier-config', { tiers, version: 9 })).toMatchObject({
      level: 'info',
      expected_version: 9,
      error_code: 'VERSION_CONFLICT',
    });
  });
});

describe('the level of the line of a request', () => {
  it('is info where a client makes a mistake', async () => {
    expect(await send('POST', '/api/v1/allocate', {})).toMatchObject({ level: 'info', status: 400 });
  });

  it('is a warning where there is no capacity', async () => {
    for (const call of ['1', '2', '3', '4']) await api.post('/api/v1/allocate', { call_sid: call });
    expect(await send('POST', '/api/v1/allocate', { call_sid: '5' })).toMatchObject({ level: 'warn', status: 503 });
  });

  it('is a warning with its cause where the store is away', async () => {
    breakStore(api.store, new StoreUnavailableError(new Error('connection refused')));
    const expected = { level: 'warn', status: 502, error_code: 'STORE_UNAVAILABLE', cause: 'connection refused' };
    expect(await send('POST', '/api/v1/allocate', { call_sid: '1' })).toMatchObject({ ...expected, call_sid: '1' });
  });

  it('is a warning where a provider gets a 200 for a call without a pod', async () => {
    breakStore(api.store, new StoreUnavailableError(new Error('connection refused')));
    expect(await send('POST', '/api/v1/plivo/allocate', 'CallUUID=call-1', FORM)).toMatchObject({
      level: 'warn',
      status: 200,
      webhook: 'failed',
      call_sid: 'call-1',
      cause: 'connection refused',
    });
  });

  it.each([
    ['twilio', 'CallSid=call-1'],
    ['plivo', 'CallUUID=call-1'],
    ['exotel', 'CallSid=call-1'],
  ])('is a warning that names call and merchant where a webhook of %s fails', async (provider, body) => {
    const open = await startTestApi({ STRICT_CALL_IDS: 'false' });
    breakStore(open.store);
    await open.post(`/api/v1/${provider}/allocate?merchant_id=acme`, body, { ...FORM, 'x-request-id': ID });
    await open.close();
    expect(open.logs.find((line) => line['request_id'] === ID && line['msg'] === 'request')).toMatchObject({
      ...{ level: 'warn', webhook: 'failed', call_sid: 'call-1', merchant_id: 'acme' },
    });
  });

  it("is a warning that names call and merchant where a webhook asks for another's call", async () => {
    await api.post('/api/v1/allocate', { call_sid: 'call-1' });
    const path = '/api/v1/exotel/allocate?merchant_id=acme';
    expect(await send('POST', path, 'CallSid=call-1', FORM)).toMatchObject({
      ...{ level: 'warn', status: 403, webhook: 'foreign_call', call_sid: 'call-1', merchant_id: 'acme' },
    });
  });

  it('is a warning where a signature is refused, and names the client', async () => {
    expect(await send('POST', '/api/v1/twilio/allocate', 'CallSid=call-1', FORM)).toMatchObject({
      level: 'warn',
      status: 403,
      refusal: 'missing_signature',
      client_address: '127.0.0.1',
    });
  });
});
