import { setMerchantConfig } from '@smart-router/routing-store/testing';
import { StoreDamagedError, StoreHeldError, StoreUnavailableError, WrongStoreError } from '@smart-router/routing-store';
import { breakStore, startTestApi } from '../testing/test-api';
import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const allocate = (body: unknown) => api.post('/api/v1/allocate', body);

describe('POST /allocate', () => {
  it('returns the pod of the default tier when the call has no merchant', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { status, body } = await allocate({ call_sid: 'call-1' });
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      pod_name: expect.stringMatching(/^standard-[01]$/),
      ws_url: `wss://agents.example.com/ws/pod/${String(body['pod_name'])}/call-1`,
      source_pool: 'pool:standard',
      pool: 'standard',
      was_existing: false,
      allocated_at: expect.any(Number),
    });
    expect(body['allocated_at']).toBeGreaterThanOrEqual(before);
    expect(Number.isInteger(body['allocated_at'])).toBe(true);
  });

  it('returns the same pod with was_existing when the call has one', async () => {
    const first = await allocate({ call_sid: 'call-1' });
    const second = await allocate({ call_sid: 'call-1', merchant_id: 'other' });
    expect(second.status).toBe(200);
    expect(second.body).toEqual({ ...first.body, was_existing: true });
  });

  it.each([undefined, null, ''])('returns the default chain when merchant_id is %p', async (merchant_id) => {
    const { status, body } = await allocate({ call_sid: 'call-1', merchant_id });
    expect({ status, pool: body['source_pool'] }).toEqual({ status: 200, pool: 'pool:standard' });
  });

  it("returns a pod of the merchant's own pool when the merchant has one", async () => {
    await setMerchantConfig(api.store, 'acme-retail', '{"pool":"acme"}');
    const { body } = await allocate({ call_sid: 'call-1', merchant_id: 'acme-retail' });
    expect(body).toMatchObject({ pod_name: 'acme-0', source_pool: 'merchant:acme' });
  });

  it.each(['provider', 'flow', 'template'])('returns 200 when %s is null', async (field) => {
    expect((await allocate({ call_sid: 'call-1', [field]: null })).status).toBe(200);
  });

  it.each(['provider', 'flow', 'template'])('returns 200 when %s has 128 characters', async (field) => {
    expect((await allocate({ call_sid: 'call-1', [field]: 'ü'.repeat(128) })).status).toBe(200);
  });

  it.each(['provider', 'flow', 'template'])('returns 400 when %s has 129 characters', async (field) => {
    const { status, body } = await allocate({ call_sid: 'call-1', [field]: 'x'.repeat(129) });
    expect({ status, error: body['error'] }).toEqual({
      status: 400,
      error: `${field} must be a text of at most 128 characters, not . or ..`,
    });
  });

  it.each([7, true, {}, [], '\ud800'])('returns 400 when flow is %p', async (flow) => {
    expect((await allocate({ call_sid: 'call-1', flow })).status).toBe(400);
  });

  it('returns 503 with Retry-After when no pool of the chain has a pod', async () => {
    for (const call of ['1', '2', '3', '4']) expect((await allocate({ call_sid: call })).status).toBe(200);
    const { status, headers, body } = await allocate({ call_sid: '5' });
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 503, retryAfter: '1' });
    expect(body).toEqual({
      error: 'no pods available',
      code: 'NO_PODS_AVAILABLE',
      request_id: expect.any(String),
      reason: 'full',
      chain: [
        { pool: 'standard', outcome: 'full' },
        { pool: 'basic', outcome: 'full' },
      ],
    });
  });

  it('says why each pool gave no pod, the dedicated one of the merchant first', async () => {
    await setMerchantConfig(api.store, 'acme', '{"pool":"acme","fallback":["gold","standard"]}');
    await setMerchantConfig(api.store, 'other', '{"pool":"nowhere","fallback":[]}');
    await api.store.drains.drain('acme-0');
    for (const pod of ['standard-0', 'standard-1']) await api.store.pods.removePod(api.epoch, pod);
    const gold = { podName: 'gold-0', incarnation: 'gold-0-life-1', ready: false, pool: 'gold' };
    await api.store.pods.registerPod(api.epoch, gold);
    expect((await allocate({ call_sid: '1', merchant_id: 'acme' })).body).toMatchObject({
      reason: 'not_ready',
      chain: [
        { pool: 'merchant:acme', outcome: 'draining' },
        { pool: 'gold', outcome: 'not_ready' },
        { pool: 'standard', outcome: 'no_pods' },
      ],
    });
    expect((await allocate({ call_sid: '2', merchant_id: 'other' })).body).toMatchObject({
      reason: 'unknown_pool',
      chain: [{ pool: 'merchant:nowhere', outcome: 'unknown_pool' }],
    });
  });

  it('logs a refused call once, as a warning with its chain, and counts it by its first pool', async () => {
    for (const pod of ['standard-0', 'standard-1', 'basic-0']) await api.store.drains.drain(pod);
    const request = { call_sid: 'call-1', merchant_id: 'm-1', provider: 'twilio' };
    await api.post('/api/v1/allocate', request, { 'x-request-id': 'req-1' });
    const lines = api.logs.filter((line) => line['call_sid'] === 'call-1');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        request_id: 'req-1',
        status: 503,
        error_code: 'NO_PODS_AVAILABLE',
        merchant_id: 'm-1',
        provider: 'twilio',
        reason: 'draining',
        chain: 'standard=draining,basic=draining',
      }),
    ]);
    expect((await api.get('/metrics')).text).toMatch(
      /smart_router_refusals_total\{tier="standard",reason="draining"[^}]*\} [1-9]/,
    );
  });

  it('returns 409 when a status callback has ended the call before', async () => {
    await api.store.calls.endCall({ callSid: 'call-1', owners: ['api'] });
    const { status, body } = await allocate({ call_sid: 'call-1' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: 'call ended', code: 'CALL_ENDED' });
  });

  it.each([
    ['502 when the store refuses', 502, new Error('connection refused')],
    ['504 when the store does not answer in time', 504, Object.assign(new Error('no answer'), { isTimeout: true })],
  ])('returns %s, with Retry-After', async (_name, status, cause) => {
    breakStore(api.store, new StoreUnavailableError(cause));
    expect(await allocate({ call_sid: 'call-1' })).toMatchObject({
      status,
      headers: { 'retry-after': '1' },
      body: { error: 'store unavailable', code: 'STORE_UNAVAILABLE' },
    });
  });

  it.each([
    ['WRONG_STORE', new WrongStoreError('another')],
    ['STORE_DAMAGED', new StoreDamagedError('WRONGTYPE of voice:call:x')],
  ])('returns 502 %s with Retry-After when the store refuses by it', async (code, failure) => {
    breakStore(api.store, failure);
    expect(await allocate({ call_sid: 'call-1' })).toMatchObject({
      status: 502,
      headers: { 'retry-after': '5' },
      body: { code },
    });
  });

  it('returns a code of its own with Retry-After when the store holds calls after a loss', async () => {
    breakStore(api.store, new StoreHeldError());
    expect(await allocate({ call_sid: 'call-1' })).toMatchObject({
      status: 502,
      headers: { 'retry-after': '1' },
      body: { error: 'store recovering', code: 'STORE_RECOVERING' },
    });
  });

  it('logs call, merchant, pool and pod in the line of the request', async () => {
    await api.post('/api/v1/allocate', { call_sid: 'call-1', merchant_id: 'm-1' }, { 'x-request-id': 'req-1' });
    expect(api.logs.find((line) => line['request_id'] === 'req-1')).toMatchObject({
      route: '/api/v1/allocate',
      status: 200,
      call_sid: 'call-1',
      merchant_id: 'm-1',
      pool: 'pool:standard',
      pod_name: expect.stringMatching(/^standard-/),
    });
  });
});

describe('POST /allocate when the store does not answer', () => {
  it('returns 504 at the deadline', async () => {
    const hurried = await startTestApi({ REQUEST_DEADLINE: '50ms' });
    Object.assign(hurried.store.calls, { allocate: () => new Promise(() => undefined) });
    const { status, body } = await hurried.post('/api/v1/allocate', { call_sid: 'call-1' });
    await hurried.close();
    expect(status).toBe(504);
    expect(body).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });
});
