import type { Page } from '../domain/fleet-reader';
import { keysOf } from '../testing/redis-harness';
import { useRedis } from '../testing/redis-under-test';

const PODS = ['pod-b', 'pod-g', 'pod-i'];

describe('suspects of a repair', () => {
  const t = useRedis(async (t) => {
    await t.register('pod-g', 'gold');
    await t.granted('call-g', ['gold']);
    await t.register('pod-i', 'gold');
    await t.register('pod-b', 'basic');
    await t.granted('call-1', ['basic']);
  });

  async function suspects(): Promise<readonly string[]> {
    return (await t.store.pods.findSuspects(null)).items;
  }

  /** Which pods a repair of each finds something wrong with. */
  async function repaired(): Promise<string[]> {
    const found: string[] = [];
    for (const pod of PODS) {
      const outcome = await t.store.pods.repairPod(t.epoch, pod);
      if (outcome.kind === 'unknown-pod' || outcome.changed) found.push(pod);
    }
    return found;
  }

  it('are none where all is in order, whatever the pods do', async () => {
    await t.register('pod-n', 'gold', { ready: false });
    await t.register('pod-m', 'basic', { ready: false });
    await t.register('pod-f', 'basic');
    await t.granted('call-2', ['basic']);
    await t.store.calls.release('call-1');
    await t.store.calls.heartbeat('call-g');
    await t.store.pods.movePod(t.epoch, 'pod-i', 'basic', { onlyIdle: true });
    await t.store.drains.drain('pod-f');
    await t.store.drains.undrain('pod-f');
    expect(await suspects()).toEqual([]);
  });

  it('are pods that drain', async () => {
    await t.store.drains.drain('pod-i');
    expect(await suspects()).toEqual(['pod-i']);
  });

  it.each(['gold', 'basic'])('are the pods of %s when its type has changed, until each was repaired', async (pool) => {
    const type = pool === 'gold' ? 'shared' : 'exclusive';
    await t.store.pods.configurePool(t.epoch, pool, { type, maxConcurrent: type === 'shared' ? 3 : 1 });
    const wrong = await suspects();
    expect(wrong).toEqual(expect.arrayContaining(pool === 'gold' ? ['pod-g', 'pod-i'] : ['pod-b']));
    for (const pod of wrong) await t.store.pods.repairPod(t.epoch, pod);
    expect(await suspects()).toEqual([]);
  });

  it('are pods whose call ran out', async () => {
    await t.advance(100_000);
    expect(await suspects()).toEqual(expect.arrayContaining(['pod-b', 'pod-g']));
  });

  it('are looked for page by page', async () => {
    for (let i = 0; i < 150; i++) await t.register(`many-${i}`, 'gold');
    await t.store.drains.drain('pod-i');
    const pages: (readonly string[])[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<string> = await t.store.pods.findSuspects(cursor);
      pages.push(page.items);
      cursor = page.cursor;
    } while (cursor !== null);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(['pod-i']);
  });

  it.each<[string, string, (key: (name: string) => string) => Promise<unknown>]>([
    ['whose call the index has on another pod', 'pod-b', (key) => t.client.hset(key('calls:pod'), 'call-1', 'pod-i')],
    ['whose call its pool does not count', 'pod-b', (key) => t.client.srem(key('pool:basic:calls'), 'call-1')],
    [
      'whose call has a record of another pod',
      'pod-b',
      (key) => t.client.hset(key('call:call-1'), 'pod_name', 'pod-i'),
    ],
    ['whose call has no end of its lease', 'pod-b', (key) => t.client.zrem(key('calls:expiry'), 'call-1')],
    ['that has a call and no lease', 'pod-b', (key) => t.client.del(key('lease:pod-b'))],
    ['whose hash names another call', 'pod-b', (key) => t.client.hset(key('pod:pod-b'), 'allocated_call_sid', 'x')],
    [
      'whose lease and hash name a foreign call',
      'pod-b',
      async (key) => {
        await t.client.set(key('lease:pod-b'), 'x');
        await t.client.hset(key('pod:pod-b'), 'allocated_call_sid', 'x');
      },
    ],
    ['that has a lease and no call', 'pod-i', (key) => t.client.set(key('lease:pod-i'), 'x')],
    [
      'whose hash names a call that it has not',
      'pod-i',
      (key) => t.client.hset(key('pod:pod-i'), 'allocated_call_sid', 'x'),
    ],
    ['that drains by the word of its pool alone', 'pod-i', (key) => t.client.sadd(key('pool:gold:draining'), 'pod-i')],
    ['that drains by the word of the index alone', 'pod-i', (key) => t.client.zadd(key('pods:draining'), 1, 'pod-i')],
    ['that drains by its mark alone', 'pod-i', (key) => t.client.set(key('pod:draining:pod-i'), '1')],
    ['that is not among those of its pool', 'pod-i', (key) => t.client.srem(key('pool:gold:assigned'), 'pod-i')],
    ['that is idle and not offered', 'pod-i', (key) => t.client.srem(key('pool:gold:available'), 'pod-i')],
    ['that is busy and offered', 'pod-g', (key) => t.client.sadd(key('pool:gold:available'), 'pod-g')],
    ['that is not ready and offered', 'pod-i', (key) => t.client.hset(key('pod:pod-i'), 'ready', '0')],
    ['that is shared, not ready and offered', 'pod-b', (key) => t.client.hset(key('pod:pod-b'), 'ready', '0')],
    ['whose score is not its load', 'pod-b', (key) => t.client.zadd(key('pool:basic:available'), 2, 'pod-b')],
    ['that is shared and not offered', 'pod-b', (key) => t.client.zrem(key('pool:basic:available'), 'pod-b')],
    ['whose status is wrong', 'pod-i', (key) => t.client.hset(key('pod:pod-i'), 'status', 'allocated')],
    ['whose pool has a previous structure', 'pod-i', (key) => t.client.sadd(key('pool:gold:outgoing'), 'pod-x')],
    ['whose pool has no policy', 'pod-i', (key) => t.client.hdel(key('pools'), 'gold')],
    ['that has lost its pool', 'pod-i', (key) => t.client.del(key('pod:tier:pod-i'))],
    ['that has a key of another type', 'pod-i', (key) => t.client.hset(key('lease:pod-i'), 'foreign', '1')],
  ])('are a pod %s', async (_what, podName, edit) => {
    await edit((name) => t.key(name));
    expect(await suspects()).toContain(podName);
  });

  type Edit = (key: string) => Promise<unknown>;

  async function membersOf(key: string): Promise<string[]> {
    const type = await t.client.type(key);
    if (type === 'set') return t.client.smembers(key);
    if (type === 'zset') return t.client.zrange(key, 0, '-1');
    return type === 'hash' ? t.client.hkeys(key) : [];
  }

  async function dropMember(key: string, member: string): Promise<void> {
    const type = await t.client.type(key);
    if (type === 'set') await t.client.srem(key, member);
    if (type === 'zset') await t.client.zrem(key, member);
    if (type === 'hash') await t.client.hdel(key, member);
  }

  const EDITS: Readonly<Record<string, Edit>> = {
    'is deleted': (key) => t.client.del(key),
    'loses its members': async (key) => {
      for (const member of await membersOf(key)) await dropMember(key, member);
    },
    'has another type': async (key) => {
      await t.client.del(key);
      await t.client.rpush(key, 'foreign');
    },
    'has scores that are too high': async (key) => {
      if ((await t.client.type(key)) !== 'zset') return;
      for (const member of await membersOf(key)) await t.client.zincrby(key, 7, member);
    },
    'has every pod as a member': async (key) => {
      const type = await t.client.type(key);
      for (const pod of PODS) {
        if (type === 'set') await t.client.sadd(key, pod);
        if (type === 'zset') await t.client.zadd(key, 0, pod);
      }
    },
    'says something else': async (key) => {
      const type = await t.client.type(key);
      if (type === 'string') await t.client.set(key, 'gold');
      if (type === 'hash') for (const field of await membersOf(key)) await t.client.hset(key, field, 'other');
    },
  };

  /** Keys that belong to a pod, a call or a pool; those of the whole fleet decide about more than a repair does. */
  const OF_ONE = /^(pod:(?!metadata)|lease:|call:|pool:|calls:pod|calls:expiry|pods:draining)/;

  it.each(Object.keys(EDITS))('are all pods that a repair would change when any key %s', async (edit) => {
    const keys = (await keysOf(t.connection, t.prefix)).sort();
    const ofOne = keys.filter((key) => OF_ONE.test(key.slice(t.prefix.length)));
    expect(ofOne.length).toBeGreaterThan(10);
    for (const key of ofOne) {
      const saved = await dumpAll(keys);
      await EDITS[edit]?.(key);
      const found = await suspects().catch(() => PODS);
      const wrong = await repaired().catch(() => []);
      expect({ key, missed: wrong.filter((pod) => !found.includes(pod)) }).toEqual({ key, missed: [] });
      await restoreAll(saved);
    }
  });

  async function dumpAll(keys: readonly string[]): Promise<Map<string, { dump: Buffer; ttl: number }>> {
    const saved = new Map<string, { dump: Buffer; ttl: number }>();
    for (const key of keys) {
      const ttl = await t.client.pttl(key);
      saved.set(key, { dump: (await t.client.dumpBuffer(key)) as Buffer, ttl: Math.max(ttl, 0) });
    }
    return saved;
  }

  async function restoreAll(saved: ReadonlyMap<string, { dump: Buffer; ttl: number }>): Promise<void> {
    for (const key of await keysOf(t.connection, t.prefix)) await t.client.del(key);
    for (const [key, { dump, ttl }] of saved) await t.client.restore(key, ttl, dump);
  }
});
