import type { SweepOutcome } from '../domain/pods';
import { useRedis } from '../testing/redis-under-test';

const LATER = Date.now() + 3_600_000;

describe('the indexes of the fleet', () => {
  const t = useRedis(
    async (t) => {
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
      await t.granted('call-g', ['gold']);
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
    },
    { checksKeys: true },
  );

  interface Swept {
    readonly evicted: string[];
    readonly found: string[];
    readonly steps: number;
  }

  async function sweep(pool?: string): Promise<Swept> {
    const swept: Swept = { evicted: [], found: [], steps: 0 };
    let steps = 0;
    let cursor: string | null = null;
    do {
      const step: SweepOutcome = await (pool === undefined
        ? t.store.pods.sweepIndexes(t.epoch, cursor)
        : t.store.pods.sweepPool(t.epoch, pool, cursor));
      swept.evicted.push(...step.evicted);
      swept.found.push(...step.found);
      cursor = step.cursor;
      steps++;
    } while (cursor !== null);
    return { evicted: swept.evicted.sort(), found: swept.found.sort(), steps };
  }

  const repair = (...pods: string[]) => Promise.all(pods.map((pod) => t.store.pods.repairPod(t.epoch, pod)));

  const CALLS = ['call-1', 'call-2', 'call-g'];
  async function calls() {
    const [listed, { activeCalls }] = await Promise.all([
      t.store.reader.calls({ limit: 100 }),
      t.store.reader.fleetStats(),
    ]);
    return { listed: listed.items.map(({ callSid }) => callSid).sort(), activeCalls };
  }

  it('stay as they are where all is right', async () => {
    await t.store.drains.drain('pod-b');
    expect(await sweep()).toMatchObject({ evicted: [], found: [] });
    expect(await calls()).toEqual({ listed: CALLS, activeCalls: 3 });
    expect(await t.client.hkeys(t.key('pod:metadata'))).toHaveLength(2);
    expect(await t.client.zcard(t.key('pods:draining'))).toBe(1);
  });

  it('lose calls that their pod does not hold, with the records', async () => {
    for (const call of ['left-1', 'left-2', 'left-3']) await t.client.zadd(t.key('calls:expiry'), LATER, call);
    await t.client.hset(t.key('calls:pod'), 'left-2', 'pod-g', 'left-4', 'nowhere');
    await t.client.hset(t.key('call:left-3'), 'pod_name', 'pod-b');
    await t.client.hset(t.key('call:left-4'), 'pod_name', 'pod-b');
    await t.client.sadd(t.key('pool:gold:calls'), 'left-2');
    expect((await sweep()).evicted).toEqual(['left-1', 'left-2', 'left-3', 'left-4']);
    expect((await sweep('gold')).evicted).toEqual(['left-2']);
    expect(await calls()).toEqual({ listed: CALLS, activeCalls: 3 });
    expect(await t.client.exists(t.key('call:left-3'), t.key('call:left-4'))).toBe(0);
  });

  it('lose a call that the index of pods alone names', async () => {
    await t.client.hset(t.key('calls:pod'), 'left', 'pod-g');
    expect((await sweep()).evicted).toEqual(['left']);
  });

  it('keep what stands under the name of a record and is none', async () => {
    await t.client.zadd(t.key('calls:expiry'), LATER, 'left');
    await t.client.rpush(t.key('call:left'), 'foreign');
    expect((await sweep()).evicted).toEqual(['left']);
    expect(await t.client.exists(t.key('call:left'))).toBe(1);
  });

  it('lose drains and metadata of pods that are unknown', async () => {
    await t.client.zadd(t.key('pods:draining'), LATER, 'gone');
    await t.client.hset(t.key('pod:metadata'), 'gone', '{}');
    expect((await sweep()).evicted).toEqual(['gone', 'gone']);
    expect(await t.client.zcard(t.key('pods:draining'))).toBe(0);
    expect(await t.client.hexists(t.key('pod:metadata'), 'gone')).toBe(0);
  });

  it('are looked at step by step', async () => {
    const left = Array.from({ length: 1_000 }, (_, i) => `left-${i}`);
    await t.client.zadd(t.key('calls:expiry'), ...left.flatMap((call) => [LATER, call]));
    const { evicted, steps } = await sweep();
    expect(evicted).toEqual(left.sort());
    expect(steps).toBeGreaterThan(5);
  });

  it.each(['calls:pod', 'calls:expiry'])('get their calls back when %s was lost', async (index) => {
    await t.client.del(t.key(index));
    await repair('pod-g', 'pod-b');
    expect(await sweep()).toMatchObject({ evicted: [], found: [] });
    expect(await calls()).toEqual({ listed: CALLS, activeCalls: 3 });
  });

  it('keep the calls of a pod whose entry says otherwise, by their records', async () => {
    await t.client.hset(t.key('calls:pod'), 'call-1', 'pod-g');
    expect((await sweep()).evicted).toEqual([]);
    await repair('pod-b');
    expect(await calls()).toEqual({ listed: CALLS, activeCalls: 3 });
  });

  it('keep calls of which a key of another type may know', async () => {
    await t.client.rename(t.key('pod:calls:pod-g'), t.key('kept'));
    await t.client.rpush(t.key('pod:calls:pod-g'), 'foreign');
    expect((await sweep()).evicted).toEqual([]);
    await t.client.rename(t.key('kept'), t.key('pod:calls:pod-g'));
  });

  it('list a pod again that holds a call', async () => {
    await t.client.zrem(t.key('pods'), 'pod-b');
    expect((await sweep()).found).toEqual(['pod-b']);
    expect((await t.store.reader.pods({ limit: 10 })).items.map(({ podName }) => podName)).toEqual(['pod-b', 'pod-g']);
  });

  it.each(['assigned', 'available', 'draining'])(
    'list a pod again that is among the %s ones of its pool',
    async (set) => {
      await t.register('pod-i', 'gold');
      if (set === 'draining') await t.store.drains.drain('pod-i');
      for (const other of ['assigned', 'available', 'draining'].filter((name) => name !== set)) {
        await t.client.srem(t.key(`pool:gold:${other}`), 'pod-i');
      }
      await t.client.zrem(t.key('pods'), 'pod-i');
      expect(await sweep('gold')).toMatchObject({ found: ['pod-i'], evicted: [] });
      await repair('pod-i');
    },
  );

  it('do not list a pod again that a call of its pool names', async () => {
    expect(await sweep('basic')).toMatchObject({ found: [], evicted: [] });
    expect(await t.client.zscore(t.key('pods'), 'call-1')).toBeNull();
  });

  it('count no call of a pool that its pod does not hold', async () => {
    await t.client.hset(t.key('calls:pod'), 'left', 'pod-g');
    await t.client.sadd(t.key('pool:gold:calls'), 'left', 'call-1');
    expect((await sweep('gold')).evicted).toEqual(['call-1', 'left']);
    await sweep();
    expect(await t.stats('gold')).toMatchObject({ activeCalls: 1 });
  });

  it('give a record without an end one, where its lease was lost', async () => {
    await t.client.persist(t.key('call:call-g'));
    await t.client.zrem(t.key('calls:expiry'), 'call-g');
    await repair('pod-g');
    expect(await calls()).toEqual({ listed: CALLS, activeCalls: 3 });
  });

  describe('of a lease that ran out', () => {
    it('end it where only the record names its pod', async () => {
      await t.client.zadd(t.key('calls:expiry'), 1, 'call-g');
      await t.client.hdel(t.key('calls:pod'), 'call-g');
      expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({
        endedCalls: [{ callSid: 'call-g', podName: 'pod-g' }],
      });
    });

    it('lose all of it where its pod does not hold the call', async () => {
      await t.client.zadd(t.key('calls:expiry'), 1, 'left');
      await t.client.hset(t.key('calls:pod'), 'left', 'pod-g');
      expect(await t.store.pods.expireLeases(t.epoch, 1)).toMatchObject({ endedCalls: [], more: true });
      expect(await t.store.pods.expireLeases(t.epoch, 1)).toMatchObject({ endedCalls: [], more: false });
    });
  });

  describe('of a call that two pods hold', () => {
    beforeEach(async () => {
      await t.client.zadd(t.key('pod:calls:pod-g'), 99, 'call-1');
      await t.client.sadd(t.key('pool:gold:calls'), 'call-1');
    });

    it.each([
      ['first', ['pod-g', 'pod-b']],
      ['last', ['pod-b', 'pod-g']],
    ])('leave it to the one that its record names, when the other is repaired %s', async (_when, order) => {
      await t.client.hset(t.key('calls:pod'), 'call-1', 'pod-g');
      for (const pod of order) await repair(pod);
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['call-1', 'call-2'] });
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ calls: ['call-g'], leaseCallSid: 'call-g' });
      expect(await calls()).toEqual({ listed: CALLS, activeCalls: 3 });
    });

    it.each<[string, () => Promise<unknown>]>([
      ['is removed', () => t.store.pods.removePod(t.epoch, 'pod-g')],
      ['is restarted', () => t.register('pod-g', 'gold', { incarnation: 'second' })],
    ])('leave it to the one that its record names, when the other %s', async (_what, change) => {
      expect(await change()).toMatchObject({ endedCalls: ['call-g'] });
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['call-1', 'call-2'] });
      expect(await calls()).toEqual({ listed: ['call-1', 'call-2'], activeCalls: 2 });
    });

    it('leave it to the one that its record names, when the other has lost its lease', async () => {
      await t.client.del(t.key('lease:pod-g'));
      expect(await repair('pod-g')).toEqual([{ kind: 'repaired', changed: true, endedCalls: ['call-g'] }]);
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ calls: [], status: 'available' });
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['call-1', 'call-2'] });
    });

    it('give the lease to the call that the other pod really holds', async () => {
      await t.client.set(t.key('lease:pod-g'), 'call-1', 'EX', 60);
      await t.client.hset(t.key('pod:pod-g'), 'allocated_call_sid', 'call-1');
      await repair('pod-g');
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ calls: ['call-g'], leaseCallSid: 'call-g' });
    });

    it('count it still where both pods are of one pool', async () => {
      await t.store.pods.movePod(t.epoch, 'pod-b', 'gold', { onlyIdle: false });
      await repair('pod-g');
      expect(await t.stats('gold')).toMatchObject({ activeCalls: 3 });
    });
  });

  describe('of a pod that has lost its pool', () => {
    beforeEach(() => t.client.del(t.key('pod:tier:pod-b')));

    it('bring it back where it was, when it is registered for another one', async () => {
      expect(await t.register('pod-b', 'gold')).toMatchObject({ kind: 'known', pool: 'basic', endedCalls: [] });
    });

    it('list it as long as it has calls, where no pool knows it', async () => {
      await t.client.srem(t.key('pool:basic:assigned'), 'pod-b');
      expect(await repair('pod-b')).toEqual([{ kind: 'unknown-pod' }]);
      expect(await t.store.reader.pod('pod-b')).toMatchObject({ pool: '', calls: ['call-1', 'call-2'] });
      await t.register('pod-b', 'gold');
      await repair('pod-b');
      await sweep('basic');
      expect(await t.stats('gold')).toMatchObject({ assigned: 2, activeCalls: 3 });
    });
  });

  it('forget a pod without calls that no pool knows', async () => {
    await t.register('pod-i', 'gold');
    await t.client.del(t.key('pod:tier:pod-i'), t.key('pod:pod-i'));
    for (const set of ['assigned', 'available']) await t.client.srem(t.key(`pool:gold:${set}`), 'pod-i');
    await t.client.hdel(t.key('pod:metadata'), 'pod-i');
    await repair('pod-i');
    expect((await t.store.reader.pods({ limit: 10 })).items.map(({ podName }) => podName)).toEqual(['pod-b', 'pod-g']);
  });

  it('number calls anew in the order of their grants when the list of a pod was overwritten', async () => {
    await t.client.del(t.key('pod:calls:pod-b'));
    await t.client.rpush(t.key('pod:calls:pod-b'), 'foreign');
    await t.client.hset(t.key('call:call-1'), 'allocated_at', 1_700_000_000);
    await repair('pod-b');
    const scores = await t.client.zrange(t.key('pod:calls:pod-b'), 0, '-1', 'WITHSCORES');
    const [first = '', second = ''] = [scores[1], scores[3]];
    expect([scores[0], scores[2]]).toEqual(['call-1', 'call-2']);
    expect([first, second].every((score) => /^1\d{15}$/.test(score))).toBe(true);
    expect(BigInt(second)).toBe(BigInt(first) + 1n);
  });
});
