import { startTestApi, type TestApi, FORM, liveCalls } from '../testing/test-api';
import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const takenPods = () => liveCalls(api);

describe('calls of one provider', () => {
  const SECRET = { TWILIO_AUTH_TOKEN: 'secret', PUBLIC_BASE_URL: 'https://router.example.com' };

  it('are neither ended, barred nor shown by the webhooks of another', async () => {
    await api.post('/api/v1/plivo/allocate', 'CallUUID=call-1', FORM);
    const shown = await api.post('/api/v1/exotel/allocate', { CallSid: 'call-1' });
    const ended = await api.post('/api/v1/exotel/status', { CallSid: 'call-1', Status: 'completed' });
    expect([shown.status, shown.text.includes('wss:'), ended.status]).toEqual([403, false, 200]);
    expect(await takenPods()).toEqual(['call-1']);
    expect((await api.post('/api/v1/plivo/allocate', 'CallUUID=call-1', FORM)).text).toContain('/call-1');
  });

  it('are not barred by an end that another reports before they come', async () => {
    await api.post('/api/v1/exotel/status', { CallSid: 'call-1', Status: 'completed' });
    expect((await api.post('/api/v1/exotel/allocate', { CallSid: 'call-1' })).status).toBe(409);
    expect((await api.post('/api/v1/plivo/allocate', 'CallUUID=call-1', FORM)).text).toContain('/call-1');
  });

  it('are those that the API brings in its name', async () => {
    await api.post('/api/v1/allocate', { call_sid: 'call-1', provider: 'Twilio' });
    await api.post('/api/v1/exotel/status', { CallSid: 'call-1', Status: 'completed' });
    expect(await takenPods()).toEqual(['call-1']);
    await api.post('/api/v1/twilio/status', 'CallSid=call-1&CallStatus=completed', FORM);
    expect(await takenPods()).toEqual([]);
  });

  it('are not those that the API brings in no name when the provider cannot prove who it is', async () => {
    const mixed = await startTestApi({ ...SECRET, ACCEPT_UNVERIFIED_WEBHOOKS: 'exotel' });
    await mixed.post('/api/v1/allocate', { call_sid: 'call-1' });
    const { status } = await mixed.post('/api/v1/exotel/status', { CallSid: 'call-1', Status: 'completed' });
    const { length } = (await mixed.store.reader.calls({ limit: 10 })).items;
    await mixed.close();
    expect([status, length]).toEqual([200, 1]);
  });
});

describe('reports of calls that never were', () => {
  const LIMITS = { UNKNOWN_ENDS_PER_PROVIDER: '3', UNKNOWN_ENDS_PER_ADDRESS: '2', TRUSTED_PROXIES: '127.0.0.0/8,::1' };
  let limited: TestApi;
  beforeEach(async () => {
    limited = await startTestApi(LIMITS);
  });
  afterEach(() => limited.close());
  const end = (call: string, address: string) =>
    limited.post('/api/v1/exotel/status', { CallSid: call, Status: 'completed' }, { 'x-forwarded-for': address });

  it('are refused with a code of their own beyond what an address, and what a provider may send', async () => {
    const statuses: number[] = [];
    for (const [call, address] of [
      ['a', '192.0.2.1'],
      ['b', '192.0.2.1'],
      ['c', '192.0.2.1'],
      ['d', '192.0.2.2'],
      ['e', '192.0.2.2'],
    ] as const) {
      statuses.push((await end(call, address)).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200, 429]);
    const { status, body, headers } = await end('f', '192.0.2.3');
    expect([status, body['code'], headers['retry-after']]).toEqual([429, 'TOO_MANY_UNKNOWN_ENDS', '60']);
  });

  it('hinder no report of a call that lives, whoever sends it', async () => {
    for (const call of ['a', 'b', 'c', 'd', 'e']) await end(call, '192.0.2.1');
    await limited.post('/api/v1/exotel/allocate', { CallSid: 'call-1' });
    expect((await end('call-1', '192.0.2.1')).status).toBe(200);
    expect((await limited.store.reader.calls({ limit: 10 })).items).toEqual([]);
    expect((await limited.post('/api/v1/exotel/allocate', { CallSid: 'call-1' })).status).toBe(409);
  });
});
