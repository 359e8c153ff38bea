import { type AppProcess, askRedis, type Fleet, TcpFaultProxy, waitFor } from '@smart-router/testbed';
import { activeCalls, startFleet } from './fleet';

describe('a process that is killed between the grant in Redis and its answer', () => {
  let fleet: Fleet;
  let line: TcpFaultProxy;
  let other: AppProcess;

  beforeAll(async () => {
    fleet = await startFleet();
    line = await TcpFaultProxy.start({ target: `127.0.0.1:${fleet.redis.port}` });
    other = await fleet.startApi();
  });

  afterAll(async () => {
    await fleet?.stop();
    await line?.close();
  });

  it('leaves the pod to the retry at another process', async () => {
    const api = await fleet.startApi({
      REDIS_URL: `redis://127.0.0.1:${line.port}`,
      REQUEST_DEADLINE: '60s',
    });
    // Redis has to know the script: it is a grant whose reply is to be late, not the error that a script is missing.
    await api.api.allocate('first-1');
    await api.api.release('first-1');
    line.latency({ ms: 60_000, direction: 'replies' });
    const outcome = api.api.allocate('killed-1').then(
      () => 'answered',
      () => 'cut',
    );
    const isGranted = async () => (await askRedis(fleet.redis.port, 'EXISTS voice:call:killed-1')) === '1';
    await waitFor(isGranted, { description: 'the grant in Redis' });
    await api.kill();
    const podName = await askRedis(fleet.redis.port, 'HGET voice:call:killed-1 pod_name');

    expect(await outcome).toBe('cut');
    const retried = await other.api.allocate('killed-1');
    expect(retried).toMatchObject({ status: 200, body: { was_existing: true, pod_name: podName } });
    await other.api.release('killed-1');
    expect(await activeCalls(other)).toBe(0);
  });
});
