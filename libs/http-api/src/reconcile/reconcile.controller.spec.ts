import { breakStore, startTestApi, type TestApi } from '../testing/test-api';

let api: TestApi;
let hints: number;
beforeEach(async () => {
  api = await startTestApi();
  hints = 0;
  api.store.hints.subscribe('reconcile-requested', () => {
    hints += 1;
  });
});
afterEach(() => api.close());

describe('POST /reconcile', () => {
  it('returns the leader and notifies it when there is one', async () => {
    await api.store.leadership.announceLeader(api.epoch, 'router-a', 60_000);
    const { status, body } = await api.post('/api/v1/reconcile');
    expect({ status, body, hints }).toEqual({ status: 200, body: { success: true, leader: 'router-a' }, hints: 1 });
  });

  it('returns 503 and notifies nobody when nobody leads', async () => {
    const { status, body } = await api.post('/api/v1/reconcile');
    expect({ status, error: body['error'], hints }).toEqual({ status: 503, error: 'no leader', hints: 0 });
  });

  it('returns 502 when the store cannot be reached', async () => {
    breakStore(api.store);
    expect(await api.post('/api/v1/reconcile')).toMatchObject({ status: 502, body: { code: 'STORE_UNAVAILABLE' } });
  });
});
