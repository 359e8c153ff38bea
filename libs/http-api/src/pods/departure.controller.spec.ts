import { Agent, get } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { DrainState } from '@smart-router/runtime';
import { breakStore, startTestApi, type TestApi } from '../testing/test-api';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const ask = (podName: string, query = '') => api.get(`/api/v1/pod/${podName}/drained${query}`);
const call = () =>
  api.store.calls.allocate({ callSid: '1', merchantId: '', chain: ['gold'], knownMerchantConfig: null });

describe('GET /pod/{pod_name}/drained', () => {
  it('returns that the pod may end when it drains and has no calls', async () => {
    await api.store.drains.drain('gold-0');
    expect(await ask('gold-0')).toMatchObject({
      status: 200,
      body: { pod_name: 'gold-0', drained: true, is_draining: true, active_calls: 0 },
    });
  });

  it('returns that the pod is busy when a call continues', async () => {
    await call();
    await api.store.drains.drain('gold-0');
    expect(await ask('gold-0')).toMatchObject({
      status: 200,
      body: { pod_name: 'gold-0', drained: false, is_draining: true, active_calls: 1 },
    });
  });

  it('returns that the pod is busy when new calls may come', async () => {
    expect((await ask('gold-0')).body).toMatchObject({ drained: false, is_draining: false, active_calls: 0 });
  });

  it('answers a wait longer than the deadline of requests when the last call has ended', async () => {
    await api.close();
    api = await startTestApi({ REQUEST_DEADLINE: '100ms' });
    await call();
    await api.store.drains.drain('gold-0');
    const answer = ask('gold-0', '?wait=60s');
    setTimeout(() => void api.store.calls.release('1'), 300);
    expect(await answer).toMatchObject({ status: 200, body: { drained: true } });
  });

  it('leaves nothing behind on a connection that is kept', async () => {
    await api.app.listen(0, '127.0.0.1');
    const sockets: Socket[] = [];
    api.app.getHttpServer().on('connection', (socket: Socket) => void sockets.push(socket));
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const once = () =>
      new Promise<void>((resolve, reject) =>
        get({ port, host: '127.0.0.1', path: '/api/v1/pod/gold-0/drained', agent }, (answer) =>
          answer.resume().on('end', resolve),
        ).on('error', reject),
      );
    await once();
    const before = sockets[0]?.listenerCount('close');
    for (let requests = 0; requests < 5; requests++) await once();
    agent.destroy();
    expect([sockets.length, sockets[0]?.listenerCount('close')]).toEqual([1, before]);
  });

  it('returns 429 with when to come back, and asks the store nothing, when a thousand wait already', async () => {
    await call();
    const waiting = Array.from({ length: 1000 }, () => ask('gold-0', '?wait=60s'));
    await ask('gold-0');
    expect(await ask('gold-0', '?wait=60s')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '5' },
      body: { error: expect.stringMatching(/^too many requests: /), code: 'RATE_LIMITED' },
    });
    api.app.get(DrainState).begin();
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('returns 404 when the pod is not known', async () => {
    expect(await ask('nobody', '?wait=30s')).toMatchObject({ status: 404, body: { code: 'POD_NOT_FOUND' } });
  });

  it('returns 502 and does not say drained when the store cannot be asked', async () => {
    breakStore(api.store);
    expect(await ask('gold-0')).toMatchObject({ status: 502, body: { code: 'STORE_UNAVAILABLE' } });
  });

  it.each(['30', '61s', '-1s', '1m', 's', '30s30s'])('returns 400 when wait is %s', async (wait) => {
    expect(await ask('gold-0', `?wait=${wait}`)).toMatchObject({
      status: 400,
      body: { error: 'wait must be a duration of whole seconds up to 60s, such as 30s', code: 'INVALID_FIELD' },
    });
  });
});
