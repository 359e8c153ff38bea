import { breakStore, startTestApi, type TestApi } from '../testing/test-api';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const drain = (pod_name: unknown) => api.post('/api/v1/drain', { pod_name });
const undrain = (pod_name: unknown) => api.post('/api/v1/undrain', { pod_name });

describe('POST /drain', () => {
  it('returns that no call is active when the pod is idle', async () => {
    const { status, body } = await drain('gold-0');
    expect(status).toBe(200);
    expect(body).toEqual({ success: true, pod_name: 'gold-0', has_active_call: false, message: 'pod drained' });
  });

  it('returns that a call is active when the pod has one', async () => {
    await api.store.allocate({ callSid: '1', merchantId: '', chain: ['gold'], knownMerchantConfig: null });
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

  it('returns 404 when the pod is not known', async () => {
    expect(await drain('nobody')).toMatchObject({
      status: 404,
      body: { error: 'pod not found', code: 'POD_NOT_FOUND' },
    });
  });

  it('returns 503 when the store cannot be reached', async () => {
    breakStore(api.store);
    expect((await drain('gold-0')).status).toBe(503);
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
    await api.store.registerPod(api.epoch, pod);
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
    expect(await api.store.pod('gold-0')).toMatchObject({ status: 'available' });
  });

  it('returns 200 when the pod does not drain', async () => {
    expect((await undrain('gold-0')).status).toBe(200);
  });

  it('returns 404 when the pod is not known', async () => {
    expect((await undrain('nobody')).status).toBe(404);
  });
});
