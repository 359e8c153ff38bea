import { type AppProcess, type Fleet, sendRequest, waitFor } from '@smart-router/testbed';
import { readyFor, strike } from './app-fault';
import { activeCalls, startFleet } from './fleet';

describe('a process whose event loop lags behind by more than half a second', () => {
  let fleet: Fleet;
  let busy: AppProcess;
  let other: AppProcess;

  beforeAll(async () => {
    fleet = await startFleet();
    other = await fleet.startApi();
    busy = await fleet.startApi({ MAX_EVENT_LOOP_LAG: '500ms', ...readyFor('busy') });
    strike(busy);
    await waitFor(async () => (await busy.api.allocate('overload-1')).body['code'] === 'OVERLOADED', {
      timeoutMs: 60_000,
      description: 'the process to reject requests',
    });
  });

  afterAll(() => fleet?.stop());

  it('answers a webhook in the words of its provider and takes no pod for it', async () => {
    const before = await activeCalls(other);
    const { status, text } = await sendRequest(`${busy.baseUrl}/api/v1/twilio/allocate`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'CallSid=overload-2',
    });
    expect({ status, text }).toEqual({ status: 200, text: expect.stringMatching(/<Say>.*<\/Say><Hangup\/>/) });
    expect(await activeCalls(other)).toBe(before);
  });

  it('keeps answering probes and shows what it rejected', async () => {
    expect((await sendRequest(`${busy.baseUrl}/health`)).status).toBe(200);
    const { text } = await sendRequest(`${busy.metricsUrl}/metrics`);
    expect(text).toMatch(/smart_router_requests_shed_total\{kind="api"\} [1-9]/);
  });

  it('leaves the other processes alone', async () => {
    expect((await other.api.allocate('overload-3')).status).toBe(200);
  });
});
