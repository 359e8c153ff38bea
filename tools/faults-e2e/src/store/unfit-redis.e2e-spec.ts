import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppProcess,
  askRedis,
  readMetric,
  runToExit,
  SHORT_LIMITS,
  startApp,
  startRedis,
  waitFor,
} from '@smart-router/testbed';
import { Redis } from 'ioredis';
import { allocateAtLast, type FaultyFleet, POD_COUNT, startFaultyFleet } from './faulty-fleet';

const UNAVAILABLE = { status: 502, body: { code: 'STORE_UNAVAILABLE' } };
const SOON_MS = 20_000;
const LOAD_MS = 5_000;

describe('a Redis that is not fit to keep calls', () => {
  let folder: string;
  let fleet: FaultyFleet;
  let api: AppProcess;
  /** Stays what it is: a new password concerns new connections. */
  let admin: Redis;
  const ask = (command: string) => askRedis(fleet.redis.port, command);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unfit-redis-'));
    fleet = await startFaultyFleet({ redis: { args: ['--dir', folder] }, faultyEnv: SHORT_LIMITS });
    api = fleet.healthy;
    admin = new Redis(fleet.redis.url);
  });

  afterAll(async () => {
    admin?.disconnect();
    await fleet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const isReady = async (app = api) => (await app.api.probe('/ready')).status === 200;
  const details = async () => (await api.api.healthDetails()).body;

  /** @returns the statuses of all answers */
  async function releaseInBursts(app: AppProcess, ms: number): Promise<Set<number>> {
    const statuses = new Set<number>();
    const until = performance.now() + ms;
    while (performance.now() < until) {
      const burst = Array.from({ length: 40 }, (_, index) => app.api.release(`hanging-${index}`));
      for (const { status } of await Promise.all(burst)) statuses.add(status);
    }
    return statuses;
  }

  it('since it hangs is answered for in time, without a queue that grows, and is used again when it wakes up', async () => {
    const { faulty } = fleet;
    await allocateAtLast(faulty, 'before');
    // Under load a process takes memory that it keeps, with or without a queue.
    expect(await releaseInBursts(faulty, LOAD_MS)).toContain(404);
    const memoryBefore = await readMetric(faulty, 'process_resident_memory_bytes');
    fleet.redis.pause();
    try {
      expect(await releaseInBursts(faulty, LOAD_MS)).toEqual(new Set([504]));
      expect(await isReady(faulty)).toBe(false);
      expect((await faulty.api.probe('/health')).status).toBe(200);
      expect((await readMetric(faulty, 'process_resident_memory_bytes')) - memoryBefore).toBeLessThan(64 * 1024 * 1024);
    } finally {
      fleet.redis.resume();
    }
    await waitFor(() => isReady(faulty), { timeoutMs: SOON_MS, description: 'readiness to come back' });
    await allocateAtLast(faulty, 'after');
    for (const callSid of ['before', 'after']) expect(await api.api.release(callSid)).toMatchObject({ status: 200 });
    await fleet.hasAvailable(POD_COUNT);
  });

  it('since it is full takes the end of a call from its provider', async () => {
    await allocateAtLast(api, 'ending');
    await ask('CONFIG SET maxmemory 1');
    const whileFull = [
      await api.api.allocate('full'),
      await api.api.send('POST', '/exotel/status', { CallSid: 'ending', Status: 'completed' }),
    ];
    expect(whileFull).toMatchObject([UNAVAILABLE, { status: 200 }]);
    const ready = async () => (await api.api.probe('/ready')).body;
    const first = await ready();
    expect(first).toMatchObject({ error: expect.stringMatching(/^store unavailable since \S+ \(OOM\)$/) });
    expect(await ready()).toMatchObject({ error: (first as { error: string }).error });
    const { body } = await api.api.status();
    expect(JSON.stringify(body)).toContain('STORE_REFUSES_WRITES');
    await ask('CONFIG SET maxmemory 0');
    await fleet.hasAvailable(POD_COUNT);
    expect(await api.api.allocate('ending')).toMatchObject({ status: 409, body: { code: 'CALL_ENDED' } });
  });

  it('since it may evict keys is reported by every process, and keeps serving', async () => {
    const warned = async (expected: boolean) =>
      JSON.stringify(await details()).includes('EVICTION_POSSIBLE') === expected;
    await ask('CONFIG SET maxmemory-policy allkeys-lru');
    await ask('CONFIG SET maxmemory 1gb');
    await waitFor(() => warned(true), { timeoutMs: SOON_MS, description: 'the warning' });
    expect(await readMetric(api, 'smart_router_store_eviction_possible')).toBe(1);
    const warnings = () => api.logs.filter(({ msg }) => String(msg).startsWith('redis may evict leases'));
    await waitFor(() => warnings().length > 0, { timeoutMs: SOON_MS, description: 'the line of the log' });
    expect(warnings()).toMatchObject([{ level: 'error', maxmemory_policy: 'allkeys-lru', maxmemory_bytes: 1024 ** 3 }]);
    expect(await isReady()).toBe(true);
    await ask('CONFIG SET maxmemory-policy noeviction');
    await ask('CONFIG SET maxmemory 0');
    await waitFor(() => warned(false), { timeoutMs: SOON_MS, description: 'the end of the warning' });
    expect(await readMetric(api, 'smart_router_store_eviction_possible')).toBe(0);
  });

  it('since it cannot write to its disk is unavailable, and is used again when it can', async () => {
    const inTheWay = join(folder, 'dump.rdb');
    await mkdir(inTheWay);
    await ask('CONFIG SET save "3600 1"');
    await ask('BGSAVE');
    const savingFailed = async () => (await ask('INFO persistence')).includes('rdb_last_bgsave_status:err');
    await waitFor(savingFailed, { timeoutMs: SOON_MS, description: 'the snapshot to fail' });
    expect(await api.api.allocate('unsaved')).toMatchObject(UNAVAILABLE);

    await rmdir(inTheWay);
    await ask('BGSAVE').catch(() => 'one is under way already');
    await allocateAtLast(api, 'unsaved');
    await api.api.release('unsaved');
    await ask('CONFIG SET save ""');
    await fleet.hasAvailable(POD_COUNT);
  });

  it.each([
    [
      'asks for a password all of a sudden',
      ['CONFIG', 'SET', 'requirepass', 'changed'],
      ['CONFIG', 'SET', 'requirepass', ''],
    ],
    ['forbids a command', ['ACL', 'SETUSER', 'default', '-evalsha', '-eval'], ['ACL', 'SETUSER', 'default', '+@all']],
  ])('since it %s is unavailable, and the log says why', async (_name, begin, end) => {
    const known = api.logs.length;
    await admin.call(begin[0] as string, begin.slice(1));
    await admin.call('CLIENT', ['KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    await waitFor(async () => (await api.api.allocate('refused')).status === 502, { description: 'a refusal' });
    expect(await api.api.allocate('refused')).toMatchObject(UNAVAILABLE);
    const isLogged = () => /NOAUTH|NOPERM/.test(JSON.stringify(api.logs.slice(known)));
    await waitFor(isLogged, { description: 'the reason in the log' });

    await admin.call(end[0] as string, end.slice(1));
    await allocateAtLast(api, 'refused');
    await api.api.release('refused');
    await fleet.hasAvailable(POD_COUNT);
  });

  it('since it holds the data of another installation is not used', async () => {
    // In one piece, so that nobody's command comes in between on a connection of before.
    await admin.multi().swapdb(0, 1).set('voice:instance', 'theirs 1').call('CLIENT', 'KILL', 'TYPE', 'normal').exec();
    const isRefused = async () => (await api.api.allocate('mixed-up')).body['code'] === 'WRONG_STORE';
    await waitFor(isRefused, { timeoutMs: SOON_MS, description: 'the wrong store to be refused' });
    expect(await isReady()).toBe(false);
    expect(JSON.stringify(await details())).toContain('WRONG_STORE');
    expect(await readMetric(api, 'smart_router_store_wrong_instance')).toBe(1);
    expect(await admin.keys('*')).toEqual(['voice:instance']);

    await ask('SWAPDB 0 1');
    await allocateAtLast(api, 'mixed-up');
    await api.api.release('mixed-up');
    await fleet.hasAvailable(POD_COUNT);
  });
});

describe('a Redis that is not fit from the start', () => {
  it.each([
    ['for it refuses the password', ['--requirepass', 'right-password'], ':wrong-password@', /WRONGPASS/],
    ['for it asks for a password', ['--requirepass', 'right-password'], '', /NOAUTH/],
  ])('ends the start of a process %s, and the log says why', async (_name, args, credentials, reason) => {
    const redis = await startRedis({ args });
    const env = { REDIS_URL: redis.url.replace('//', `//${credentials}`), REDIS_START_TIMEOUT: '2s' };
    const { code, output } = await runToExit('api', env);
    await redis.kill();
    expect(code).toBe(1);
    expect(output.join('\n')).toMatch(reason);
    expect(output.join('\n')).not.toMatch(/(right|wrong)-password/);
  });

  it('is waited for while it loads its data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loading-redis-'));
    const former = await startRedis({ args: ['--dir', folder, '--enable-debug-command', 'yes'] });
    await askRedis(former.port, 'DEBUG POPULATE 20000');
    await askRedis(former.port, 'SAVE');
    await former.kill();
    const slowly = ['--dir', folder, '--key-load-delay', '200', '--loading-process-events-interval-bytes', '1024'];
    const starting = startRedis({ port: former.port, args: slowly });
    const isLoading = () => askRedis(former.port, 'PING').catch((error: unknown) => String(error).includes('LOADING'));
    await waitFor(isLoading, { timeoutMs: SOON_MS, description: 'Redis to load its data' });

    const app = await startApp('api', { REDIS_URL: former.url });

    // It has become ready only now.
    expect(await isLoading()).toBe('PONG');
    const redis = await starting;
    expect(await app.api.probe('/ready')).toMatchObject({ status: 200 });
    await app.kill();
    await redis.kill();
    await rm(folder, { recursive: true, force: true });
  });
});
