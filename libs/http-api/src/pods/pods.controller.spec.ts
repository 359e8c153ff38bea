import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const namesOf = (body: Record<string, unknown>) => (body['pods'] as { pod_name: string }[]).map((pod) => pod.pod_name);

describe('GET /pod/{pod_name}', () => {
  it('returns an idle pod when it has no call', async () => {
    const { status, body } = await api.get('/api/v1/pod/gold-0');
    expect(status).toBe(200);
    expect(body).toEqual({
      pod_name: 'gold-0',
      pool: 'gold',
      tier: 'gold',
      is_draining: false,
      draining_since: null,
      drain_ends_at: null,
      has_active_lease: false,
      lease_call_sid: null,
      status: 'available',
      calls: [],
      incarnation: 'gold-0-life-1',
      ready: true,
      terminating: false,
    });
  });

  it('returns lease and calls when the pod is busy and drains', async () => {
    for (const callSid of ['1', '2']) {
      await api.store.calls.allocate({ callSid, merchantId: '', chain: ['basic'], knownMerchantConfig: null });
    }
    await api.store.drains.drain('basic-0');
    const { body } = await api.get('/api/v1/pod/basic-0');
    expect(body).toMatchObject({
      is_draining: true,
      has_active_lease: true,
      lease_call_sid: '2',
      status: 'draining',
      calls: ['1', '2'],
    });
  });

  it('returns merchant:<pool> as the tier when the pod is dedicated', async () => {
    expect((await api.get('/api/v1/pod/acme-0')).body).toMatchObject({ tier: 'merchant:acme' });
  });

  it('returns 404 when the pod is not known', async () => {
    expect(await api.get('/api/v1/pod/nobody')).toMatchObject({ status: 404, body: { error: 'pod not found' } });
  });
});

describe('GET /pods', () => {
  it('returns all pods by name when nothing is asked for', async () => {
    const { status, body } = await api.get('/api/v1/pods');
    expect(status).toBe(200);
    expect(namesOf(body)).toEqual(['acme-0', 'basic-0', 'gold-0', 'standard-0', 'standard-1']);
    expect(body).toMatchObject({ items: body['pods'], cursor: null, next_cursor: null });
  });

  it.each([
    ['tier=standard', ['standard-0', 'standard-1']],
    ['tier=merchant:acme', ['acme-0']],
    ['status=draining', ['gold-0']],
    ['tier=standard&status=draining', []],
  ])('returns only what matches when %s', async (query, names) => {
    await api.store.drains.drain('gold-0');
    expect(namesOf((await api.get(`/api/v1/pods?${query}`)).body)).toEqual(names);
  });

  it.each(['status=busy', 'status=', 'tier=*', 'limit=501'])('returns 400 when %s', async (query) => {
    const { status, body } = await api.get(`/api/v1/pods?${query}`);
    expect(status).toBe(400);
    expect(body['error']).toMatch(new RegExp(`^${query.split('=')[0]} `));
  });
});
