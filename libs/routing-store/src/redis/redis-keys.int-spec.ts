import { TIER_CONFIG_PUT } from '../testing/configuration';
import { keysOf } from '../testing/redis-harness';
import { useRedis } from '../testing/redis-under-test';

const t = useRedis(async (t) => {
  await t.store.pods.configurePool(t.epoch, 'merchant:acme', { type: 'shared', maxConcurrent: 3 });
  await t.register('pod-g', 'gold', { metadata: { ip: '10.0.0.1' } });
  await t.register('pod-b', 'basic');
  await t.register('pod-m', 'merchant:acme');
});

describe('the keys that operators inspect', () => {
  it('hold exclusive pods in a SET and shared ones in a ZSET scored by their live calls', async () => {
    await t.granted('call-1', ['basic']);
    await t.granted('call-2', ['merchant:acme']);
    expect(await t.client.smembers(t.key('pool:gold:available'))).toEqual(['pod-g']);
    expect(await t.client.smembers(t.key('pool:gold:assigned'))).toEqual(['pod-g']);
    expect(await t.client.zscore(t.key('pool:basic:available'), 'pod-b')).toBe('1');
    expect(await t.client.zscore(t.key('merchant:acme:pods'), 'pod-m')).toBe('1');
    expect(await t.client.smembers(t.key('merchant:acme:assigned'))).toEqual(['pod-m']);
  });

  it('hold a full shared pod with its true score', async () => {
    await t.granted('call-1', ['basic']);
    await t.granted('call-2', ['basic']);
    expect(await t.client.zscore(t.key('pool:basic:available'), 'pod-b')).toBe('2');
  });

  it('describe a pod and its pool', async () => {
    await t.granted('call-1', ['gold']);
    expect(await t.client.hgetall(t.key('pod:pod-g'))).toEqual({
      status: 'allocated',
      allocated_call_sid: 'call-1',
      allocated_at: expect.stringMatching(/^\d{10}$/),
      source_pool: 'gold',
      incarnation: 'first',
      ready: '1',
    });
    expect(await t.client.get(t.key('pod:tier:pod-g'))).toBe('gold');
    expect(await t.client.get(t.key('pod:tier:pod-m'))).toBe('merchant:acme');
    expect(await t.client.hget(t.key('pod:metadata'), 'pod-g')).toBe('{"ip":"10.0.0.1"}');
    await t.store.calls.release('call-1');
    expect(await t.client.hgetall(t.key('pod:pod-g'))).toEqual({
      status: 'available',
      released_at: expect.stringMatching(/^\d{10}$/),
      incarnation: 'first',
      ready: '1',
    });
  });

  it('hold a call with its lease, each with an end', async () => {
    await t.granted('call-1', ['gold']);
    expect(await t.client.hgetall(t.key('call:call-1'))).toMatchObject({
      pod_name: 'pod-g',
      source_pool: 'gold',
      merchant_id: '',
      allocated_at: expect.stringMatching(/^\d{10}$/),
    });
    expect(await t.client.get(t.key('lease:pod-g'))).toBe('call-1');
    for (const name of ['call:call-1', 'lease:pod-g']) {
      expect(await t.client.pttl(t.key(name))).toBeGreaterThan(90_000);
    }
  });

  it('keep the lease of a shared pod for as long as any of its calls may last', async () => {
    for (const callSid of ['oldest', 'older', 'latest']) await t.granted(callSid, ['merchant:acme']);
    await t.advance(70_000);
    await t.store.calls.heartbeat('oldest');
    await t.store.calls.release('older');
    expect(await t.client.get(t.key('lease:pod-m'))).toBe('latest');
    expect(await t.client.pttl(t.key('lease:pod-m'))).toBeGreaterThan(90_000);
  });

  it('hold no more than the last 50 tier configs', async () => {
    for (let version = 1; version <= 55; version++) {
      const { text } = await t.store.documents.readTierConfig();
      await t.store.documents.replaceTierConfig(text, `text ${version}`, version, TIER_CONFIG_PUT);
    }
    expect(await t.client.llen(t.key('tier:config:history'))).toBe(50);
  });

  it('mark a draining pod for as long as the drain lasts', async () => {
    await t.store.drains.drain('pod-g');
    expect(await t.client.get(t.key('pod:draining:pod-g'))).toBe('1');
    expect(await t.client.pttl(t.key('pod:draining:pod-g'))).toBeGreaterThan(50_000);
    expect(await t.client.hget(t.key('pod:pod-g'), 'status')).toBe('draining');
  });

  it('keep nothing of removed pods and released calls', async () => {
    await t.granted('call-1', ['gold']);
    await t.granted('call-2', ['basic']);
    await t.store.drains.drain('pod-b');
    await t.store.calls.release('call-1');
    for (const pod of ['pod-g', 'pod-b', 'pod-m']) await t.store.pods.removePod(t.epoch, pod);
    const left = (await keysOf(t.connection, t.prefix)).map((name) => name.slice(t.prefix.length));
    expect(left.filter((name) => !/^(released|past|calls:past):/.test(name)).sort()).toEqual([
      'calls:granted',
      'era',
      'instance',
      'leader:epoch',
      'leader:epoch:next',
      'pools',
    ]);
  });

  it('keep nothing of a removed pool, whatever was put there by hand', async () => {
    await t.store.pods.removePod(t.epoch, 'pod-g');
    for (const set of ['available', 'outgoing', 'calls', 'draining'])
      await t.client.sadd(t.key(`pool:gold:${set}`), 'x');
    await t.store.pods.removePool(t.epoch, 'gold');
    const left = await keysOf(t.connection, t.prefix);
    expect(left.filter((name) => name.includes('gold'))).toEqual([]);
    expect(await t.client.hexists(t.key('pools'), 'gold')).toBe(0);
  });
});

describe('the cost of an operation', () => {
  it.each([
    ['allocate', () => t.allocate('call-1', ['gold', 'basic'])],
    ['release', () => t.store.calls.release('call-1')],
    ['drain', () => t.store.drains.drain('pod-g')],
    ['undrain', () => t.store.drains.undrain('pod-g')],
    ['heartbeat', () => t.store.calls.heartbeat('call-1')],
    ['registerPod', () => t.register('pod-x', 'gold')],
    ['movePod', () => t.store.pods.movePod(t.epoch, 'pod-g', 'basic', { onlyIdle: true })],
    ['removePod', () => t.store.pods.removePod(t.epoch, 'pod-g')],
    ['expireLeases', () => t.store.pods.expireLeases(t.epoch, 10)],
    ['fleetStats', () => t.store.reader.fleetStats()],
  ])('is one round trip for %s', async (_name, operation) => {
    // The first call may have to load the script.
    await operation();
    await t.client.config('RESETSTAT');
    await operation();
    const stats = await t.client.info('commandstats');
    const sent = [...stats.matchAll(/cmdstat_(\S+?):calls=(\d+)/g)].filter(([, name]) =>
      /^(evalsha|eval)$/.test(name ?? ''),
    );
    expect(sent.map(([, name, calls]) => [name, calls])).toEqual([['evalsha', '1']]);
  });

  it.each([
    ['allocate', 'gold', 20, [], () => t.allocate('call-2', ['gold'])],
    ['allocate', 'basic', 20, [], () => t.allocate('call-2', ['basic'])],
    ['allocate', 'basic', 22, ['call-1'], () => t.allocate('call-2', ['basic'])],
    ['release', 'gold', 24, ['call-1'], () => t.store.calls.release('call-1')],
    ['release', 'basic', 24, ['call-1'], () => t.store.calls.release('call-1')],
    ['release', 'basic', 24, ['call-1', 'call-2'], () => t.store.calls.release('call-1')],
  ])('takes the fast path for %s in %s, which has %i commands', async (_name, pool, commands, calls, operation) => {
    for (const call of calls) await t.granted(call, [pool]);
    await t.client.config('RESETSTAT');
    await operation();
    const stats = await t.client.info('commandstats');
    const sent = [...stats.matchAll(/cmdstat_([a-z]+):calls=(\d+)/g)].filter(
      ([, command]) => !command?.startsWith('eval'),
    );
    expect(sent.reduce((sum, [, , calls]) => sum + Number(calls), 0)).toBe(commands);
  });

  it('does not grow with the number of full pods', async () => {
    for (let i = 0; i < 20; i++) await t.register(`full-${i}`, 'basic');
    await Promise.all(Array.from({ length: 42 }, (_, i) => t.granted(`call-${i}`, ['basic'])));
    await t.client.config('RESETSTAT');
    expect(await t.allocate('one-more', ['basic'])).toMatchObject({ kind: 'no-capacity' });
    // Once by the fast path, and once by the general one.
    expect(await t.client.info('commandstats')).toMatch(/cmdstat_zrange:calls=2,/);
  });
});
