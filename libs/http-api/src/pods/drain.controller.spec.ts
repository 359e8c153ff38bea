import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const drain = (pod_name: unknown) => api.post('/api/v1/drain', { pod_name });
const undrain = (pod_name: unknown) => api.post('/api/v1/undrain', { pod_name });

describe('POST /drain', () => {
  it('returns that no call is active when the pod is idle', async () => {
    const { status, body } = await drain('gold-0');
    expect(status).toBe(200);
    expect(body).toEqual({ success: true, pod_name: 'gold-0', has_active_call: false, message: 'pod drained' });
  });

  it('returns that a call is active when the pod has one', async () => {
    await api.store.calls.allocate({ callSid: '1', merchantId: '', chain: ['gold'], knownMerchantConfig: null });
    const { body } = await drain('gold-0');
    expect(body).toEqual({
      success: true,
      pod_name: 'gold-0',
      has_active_call: true,
      message: 'pod draining, live calls: 1',
    });
  });

  it('returns the same when it is repeated', async () => {
    const first = await drain('gold-0');
    expect(await drain('gold-0')).toMatchObject({ status: 200, body: first.body });
  });

  describe('with an end', () => {
    const drainFor = (ttl: unknown) => api.post('/api/v1/drain', { pod_name: 'gold-0', ttl });
    const shown = async () => {
      const { draining_since, drain_ends_at } = (await api.get('/api/v1/pods/gold-0')).body;
      return { since: Date.parse(String(draining_since)), ends: Date.parse(String(drain_ends_at)) };
    };

    it.each([
      [1, 1],
      [90, 90],
      ['90', 90],
      ['45s', 45],
      ['15m', 900],
      ['2h', 7_200],
      ['30d', 2_592_000],
      [2_592_000, 2_592_000],
    ])('lasts as long as a ttl of %j says, and shows it', async (ttl, seconds) => {
      expect((await drainFor(ttl)).status).toBe(200);
      const { since, ends } = await shown();
      expect((ends - since) / 1000).toBe(seconds);
    });

    it('has no end when the ttl is "none"', async () => {
      await drainFor('none');
      const body = { is_draining: true, drain_ends_at: null, draining_since: expect.stringMatching(/^20.*Z$/) };
      expect(await api.get('/api/v1/pods/gold-0')).toMatchObject({ body });
      expect((await api.get('/api/v1/pods?status=draining')).body).toMatchObject({ items: [body] });
    });

    it('ends as the settings say when there is no ttl', async () => {
      await drain('gold-0');
      const { since, ends } = await shown();
      expect((ends - since) / 1000).toBe(360);
    });

    it.each([0, -1, 1.5, 2_592_001, '31d', '721h', '0s', '1w', '', 'never', ' 5m', null, true, [60], {}])(
      'returns 400 that names the field and changes nothing when the ttl is %j',
      async (ttl) => {
        const { status, body } = await drainFor(ttl);
        expect({ status, body }).toMatchObject({ status: 400, body: { code: 'INVALID_FIELD' } });
        expect(body['error']).toMatch(/^ttl must be whole seconds, a duration such as 15m, up to 30d, or "none"/);
        expect((await api.get('/api/v1/pods/gold-0')).body).toMatchObject({ is_draining: false });
      },
    );

    it('names the pod and the ttl at once when both are wrong', async () => {
      const { body } = await api.post('/api/v1/drain', { pod_name: 'a b', ttl: 'soon' });
      expect(body['error']).toMatch(/pod_name must .*; ttl must /);
    });
  });

  it('returns 404 when the pod is not known', async () => {
    expect(await drain('nobody')).toMatchObject({
      status: 404,
      body: { error: 'pod not found', code: 'POD_NOT_FOUND' },
    });
  });

  it('keeps new calls away when it has been answered', async () => {
    await drain('standard-0');
    const { body } = await api.post('/api/v1/allocate', { call_sid: '1' });
    expect(body['pod_name']).toBe('standard-1');
  });
});

describe('POST /undrain', () => {
  it('returns 409 with the reason when Kubernetes is ending the pod, and it drains still', async () => {
    const pod = { podName: 'gold-0', incarnation: 'gold-0-life-1', ready: false, terminating: true, pool: 'gold' };
    await api.store.pods.registerPod(api.epoch, pod);
    await drain('gold-0');
    const { status, body } = await undrain('gold-0');
    expect([status, body['code'], body['error']]).toEqual([409, 'POD_TERMINATING', 'pod is terminating']);
    const shown = await api.get('/api/v1/pod/gold-0');
    expect(shown.body).toMatchObject({ is_draining: true, terminating: true });
  });

  it('returns 200 and offers the pod again when it drained', async () => {
    await drain('gold-0');
    const { status, body } = await undrain('gold-0');
    expect(status).toBe(200);
    expect(body).toEqual({ success: true, pod_name: 'gold-0', has_active_call: false, message: 'pod undrained' });
    expect(await api.store.reader.pod('gold-0')).toMatchObject({ status: 'available' });
  });

  it('returns 200 when the pod does not drain', async () => {
    expect((await undrain('gold-0')).status).toBe(200);
  });

  it('returns 404 when the pod is not known', async () => {
    expect((await undrain('nobody')).status).toBe(404);
  });
});
