import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const release = (body: unknown) => api.post('/api/v1/release', body);

describe('POST /release', () => {
  it('returns the pod and the pool where it belongs when the call lives', async () => {
    const { body: allocated } = await api.post('/api/v1/allocate', { call_sid: 'call-1' });
    const { status, body } = await release({ call_sid: 'call-1', reason: 'completed' });
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      pod_name: allocated['pod_name'],
      released_to_pool: 'pool:standard',
      was_draining: false,
    });
  });

  it('returns was_draining when the pod drains', async () => {
    const { body } = await api.post('/api/v1/allocate', { call_sid: 'call-1' });
    await api.store.drains.drain(String(body['pod_name']));
    expect((await release({ call_sid: 'call-1' })).body).toMatchObject({ was_draining: true });
  });

  it('returns 404 when the call was released before', async () => {
    await api.post('/api/v1/allocate', { call_sid: 'call-1' });
    await release({ call_sid: 'call-1' });
    const { status, body } = await release({ call_sid: 'call-1' });
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: 'call not found', code: 'CALL_NOT_FOUND' });
  });

  it('returns 404 when the call was never allocated', async () => {
    expect((await release({ call_sid: 'never' })).status).toBe(404);
  });

  it.each([7, { a: 1 }, null])('returns 200 when reason is %p', async (reason) => {
    await api.post('/api/v1/allocate', { call_sid: 'call-1' });
    expect((await release({ call_sid: 'call-1', reason })).status).toBe(200);
  });

  it('leaves no mark when it succeeds, so that the call may be allocated again', async () => {
    await api.post('/api/v1/allocate', { call_sid: 'call-1' });
    await release({ call_sid: 'call-1' });
    const { status, body } = await api.post('/api/v1/allocate', { call_sid: 'call-1' });
    expect({ status, existing: body['was_existing'] }).toEqual({ status: 200, existing: false });
  });
});
