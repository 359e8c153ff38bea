import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const allocate = (call_sid: string, merchant_id = '') =>
  api.post('/api/v1/allocate', { call_sid, merchant_id, provider: 'twilio' });

const sidsOf = (body: Record<string, unknown>) =>
  (body['calls'] as { call_sid: string }[]).map((call) => call.call_sid);

describe('GET /calls/{call_sid}', () => {
  it('returns the allocation and every pool that was tried when the call lives', async () => {
    for (const call of ['1', '2', '3']) await allocate(call, 'm-1');
    const { status, body } = await api.get('/api/v1/calls/3');
    expect(status).toBe(200);
    expect(body).toEqual({
      call_sid: '3',
      status: 'active',
      pod_name: 'basic-0',
      source_pool: 'pool:basic',
      pool: 'basic',
      merchant_id: 'm-1',
      provider: 'twilio',
      allocated_at: expect.any(Number),
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      chain: [
        { pool: 'standard', outcome: expect.stringMatching(/^(full|no_pods)$/) },
        { pool: 'basic', outcome: 'granted' },
      ],
    });
  });

  it('returns 404 when the call was never seen', async () => {
    expect(await api.get('/api/v1/calls/1')).toMatchObject({ status: 404, body: { code: 'CALL_NOT_FOUND' } });
  });

  it('returns how the call ended when it has ended', async () => {
    const { body: allocated } = await allocate('1', 'm-1');
    await api.post('/api/v1/release', { call_sid: '1' });
    const { status, body } = await api.get('/api/v1/calls/1');
    expect(status).toBe(200);
    expect(body).toEqual({
      call_sid: '1',
      status: 'ended',
      pod_name: allocated['pod_name'],
      source_pool: 'pool:standard',
      pool: 'standard',
      merchant_id: 'm-1',
      provider: 'twilio',
      allocated_at: allocated['allocated_at'],
      ended_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      reason: 'released',
      chain: [{ pool: 'standard', outcome: 'granted' }],
    });
  });

  it('returns that the provider ended the call when its webhook said so', async () => {
    await api.send('GET', '/api/v1/exotel/allocate?CallSid=1');
    await api.send('GET', '/api/v1/exotel/status?CallSid=1&Status=completed');
    expect((await api.get('/api/v1/calls/1')).body).toMatchObject({
      ...{ status: 'ended', provider: 'exotel', reason: 'provider_ended' },
    });
  });

  it('returns why the call was refused when it was, and the live call when it got a pod since', async () => {
    for (const pod of ['standard-0', 'standard-1', 'basic-0']) await api.store.drains.drain(pod);
    await allocate('1', 'm-1');
    expect(await api.get('/api/v1/calls/1')).toMatchObject({
      status: 200,
      body: {
        call_sid: '1',
        status: 'refused',
        merchant_id: 'm-1',
        provider: 'twilio',
        refused_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        reason: 'draining',
        chain: [
          { pool: 'standard', outcome: 'draining' },
          { pool: 'basic', outcome: 'draining' },
        ],
      },
    });
    await api.store.drains.undrain('basic-0');
    await allocate('1', 'm-1');
    expect((await api.get('/api/v1/calls/1')).body).toMatchObject({ status: 'active', pod_name: 'basic-0' });
  });
});

describe('GET /calls', () => {
  it('returns an empty list when there are no calls', async () => {
    expect((await api.get('/api/v1/calls')).body).toEqual({
      items: [],
      calls: [],
      cursor: null,
      next_cursor: null,
    });
  });

  it('returns only calls of the merchant when filtered', async () => {
    await allocate('1', 'm-1');
    await allocate('2', 'm-2');
    expect(sidsOf((await api.get('/api/v1/calls?merchant_id=m-2')).body)).toEqual(['2']);
    expect(sidsOf((await api.get('/api/v1/calls?merchant=m-2')).body)).toEqual(['2']);
  });

  it('returns only calls of the tier when filtered', async () => {
    for (const call of ['1', '2', '3']) await allocate(call);
    expect(sidsOf((await api.get('/api/v1/calls?pool=basic')).body)).toEqual(['3']);
    expect(sidsOf((await api.get('/api/v1/calls?tier=basic')).body)).toEqual(['3']);
  });

  it.each([
    'tier=a%20b',
    'tier=pool:gold',
    'merchant=a/b',
    'merchant=',
    'cursor=%00',
    'cursor=',
    'cursor=abc',
    'tier=a&tier=b',
  ])('returns 400 that names the field when %s', async (query) => {
    const { status, body } = await api.get(`/api/v1/calls?${query}`);
    expect(status).toBe(400);
    expect(body['error']).toMatch(new RegExp(`^${query.split('=')[0]} `));
  });
});

describe('POST /calls/{call_sid}/heartbeat', () => {
  it('returns the new end of the lease when the call lives', async () => {
    const { body: allocated } = await allocate('1');
    const { status, body } = await api.post('/api/v1/calls/1/heartbeat');
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      call_sid: '1',
      pod_name: allocated['pod_name'],
      expires_at: expect.any(String),
    });
    expect(Date.parse(String(body['expires_at'])) / 1000).toBeGreaterThanOrEqual(
      (allocated['allocated_at'] as number) + 24 * 3600,
    );
  });

  it('returns 200 when a body comes along', async () => {
    await allocate('1');
    expect((await api.post('/api/v1/calls/1/heartbeat', '{garbage')).status).toBe(200);
  });

  it('returns 404 when the call is not known', async () => {
    expect(await api.post('/api/v1/calls/1/heartbeat')).toMatchObject({
      status: 404,
      body: { error: 'call not found' },
    });
  });
});
