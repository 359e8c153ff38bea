import { type AppProcess, askRedis, type Fleet, newFleet, readMetric, runToExit, waitFor } from '@smart-router/testbed';

const SHORT_START = '3s';

let fleet: Fleet;
const ask = (command: string) => askRedis(fleet.redis.port, command);

beforeEach(async () => {
  const all = newFleet().pods(2).env({ RECONCILE_INTERVAL: '1s' });
  fleet = await all.redis({ args: ['--databases', '1'] }).start();
});
afterEach(() => fleet?.stop());

const lost = ({ logs }: AppProcess) => logs.filter(({ msg }) => msg === 'redis connection lost');
const ready = ({ api }: AppProcess) => api.probe('/ready');

it('ends the start on a database that does not exist, and touches nothing of another one', async () => {
  await fleet.start('leader-worker');
  await waitFor(async () => (await ask('ZCARD voice:pods')) === '2', { description: 'the pods of the first' });

  for (const name of ['api', 'leader-worker'] as const) {
    const env = { REDIS_URL: `${fleet.redis.url}/1`, REDIS_START_TIMEOUT: SHORT_START, STATIC_PODS: 'other-0' };
    const { code, output } = await runToExit(name, env);
    expect([code, output.join('\n')]).toEqual([1, expect.stringContaining('ERR DB index is out of range')]);
  }

  expect(await ask('EXISTS voice:pod:other-0 voice:pod:voice-agent-0')).toBe('1');
});

it('is not ready on a server that has become a replica, and says so once with the reason', async () => {
  const api = await fleet.start('api');
  await ask('REPLICAOF 127.0.0.1 1');
  await waitFor(async () => (await ready(api)).status === 503, { description: 'readiness to end' });
  const attempts = async () => Number(/connections_received:(\d+)/.exec(await ask('INFO stats'))?.[1]);
  const before = await attempts();
  // Each look is a connection of its own.
  let looks = 0;
  await waitFor(async () => ++looks > 0 && (await attempts()) - before > looks + 6, { description: 'attempts' });

  expect((await ready(api)).body).toMatchObject({
    error: expect.stringMatching(/^store unavailable since \S+ \(READONLY\)$/),
  });
  const { endpoint } = lost(api)[0] as { endpoint?: string };
  expect(lost(api).filter((line) => line['endpoint'] === endpoint)).toMatchObject([
    { reason: expect.stringContaining('READONLY') },
  ]);

  await ask('REPLICAOF NO ONE');
  await waitFor(async () => (await ready(api)).status === 200, { description: 'readiness to come back' });
});

it('is not ready while Redis has no memory for a call', async () => {
  const api = await fleet.start('api');
  await ask('CONFIG SET maxmemory 1');
  await waitFor(async () => (await ready(api)).status === 503, { description: 'readiness to end' });
  await ask('CONFIG SET maxmemory 0');
  await waitFor(async () => (await ready(api)).status === 200, { description: 'readiness to come back' });
  expect(lost(api)).toEqual([]);
});

it('takes a Redis that does not say whether it evicts keys for unsafe', async () => {
  const api = await fleet.start('api');
  const risk = () => readMetric(api, 'smart_router_store_eviction_possible');
  await waitFor(async () => (await risk()) === 0, { description: 'the first look' });
  await ask('ACL SETUSER default -info');
  const warnings = async () => JSON.stringify((await api.api.healthDetails()).body);
  await waitFor(async () => (await warnings()).includes('EVICTION_UNKNOWN'), { description: 'the warning' });
  expect(await risk()).toBeNaN();
  const isLogged = () =>
    api.logs.some(({ msg }) => String(msg).startsWith('redis does not say whether it evicts keys'));
  await waitFor(isLogged, { description: 'the line of the log' });
});
