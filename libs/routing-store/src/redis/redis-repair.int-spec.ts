import { useRedis } from '../testing/redis-under-test';

const t = useRedis(
  async (t) => {
    await t.register('pod-g', 'gold');
    await t.register('pod-b', 'basic');
  },
  { checksKeys: true },
);

async function sweep(pool: string): Promise<string[]> {
  const evicted: string[] = [];
  let cursor: string | null = null;
  do {
    const step = await t.store.pods.sweepPool(t.epoch, pool, cursor);
    evicted.push(...step.evicted);
    cursor = step.cursor;
  } while (cursor !== null);
  return evicted;
}

describe('what operators change by hand', () => {
  it('ends the call whose record was deleted', async () => {
    await t.granted('call-1', ['basic']);
    await t.granted('call-2', ['basic']);
    await t.client.del(t.key('call:call-1'));
    expect(await t.store.reader.call('call-1')).toBeNull();
    expect((await t.store.reader.calls({ limit: 10 })).items.map((call) => call.callSid)).toEqual(['call-2']);
    const outcome = await t.store.pods.repairPod(t.epoch, 'pod-b');
    expect(outcome).toEqual({ kind: 'repaired', changed: true, endedCalls: ['call-1'] });
    expect(await t.stats('basic')).toMatchObject({ activeCalls: 1, available: 1 });
    expect(await t.client.zscore(t.key('pool:basic:available'), 'pod-b')).toBe('1');
  });

  it('frees the pod of a call whose record was deleted when another grant of the call is replayed', async () => {
    await t.granted('call-1', ['gold']);
    await t.client.del(t.key('call:call-1'));
    const grant = { podName: 'pod-b', pool: 'basic', allocatedAt: 1_700_000_000, number: 7 };
    expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toMatchObject({
      kind: 'restored',
    });
    expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
    expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['call-1'] });
  });

  it('ends the call of an exclusive pod whose lease was deleted', async () => {
    await t.granted('call-1', ['gold']);
    await t.client.del(t.key('lease:pod-g'));
    expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toMatchObject({ endedCalls: ['call-1'] });
    expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
    expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'unknown-call' });
  });

  it('ends only the latest call of a shared pod whose lease was deleted', async () => {
    await t.granted('call-1', ['basic']);
    await t.granted('call-2', ['basic']);
    await t.client.del(t.key('lease:pod-b'));
    expect(await t.store.pods.repairPod(t.epoch, 'pod-b')).toMatchObject({ endedCalls: ['call-2'] });
    expect(await t.store.reader.pod('pod-b')).toMatchObject({ calls: ['call-1'], leaseCallSid: 'call-1' });
  });

  describe('where a lease was deleted, whatever comes before the repair', () => {
    beforeEach(async () => {
      await t.store.pods.configurePool(t.epoch, 'basic', { type: 'shared', maxConcurrent: 3 });
      for (const callSid of ['call-1', 'call-2']) await t.granted(callSid, ['basic']);
      await t.client.del(t.key('lease:pod-b'));
    });
    const callsOfPod = async () => (await t.store.reader.pod('pod-b'))?.calls;

    it.each<[string, () => Promise<unknown>, string[]]>([
      ['another call is allocated', () => t.granted('call-3', ['basic']), ['call-1', 'call-3']],
      ['another call is released', () => t.store.calls.release('call-1'), []],
      ['another call is renewed', () => t.store.calls.heartbeat('call-1'), ['call-1']],
      ['another call is ended', () => t.store.calls.endCall({ callSid: 'call-1', owners: ['api'] }), []],
      ['the pod is drained', () => t.store.drains.drain('pod-b'), ['call-1']],
      ['the pod is registered again', () => t.register('pod-b', 'basic'), ['call-1']],
      ['the pod is moved', () => t.store.pods.movePod(t.epoch, 'pod-b', 'gold', { onlyIdle: false }), ['call-1']],
    ])('the call that it named has ended when %s', async (_what, operation, left) => {
      await operation();
      await t.store.pods.repairPod(t.epoch, 'pod-b');
      expect(await callsOfPod()).toEqual(left);
      expect(await t.store.calls.release('call-2')).toMatchObject({ kind: 'unknown-call' });
    });

    it('the call itself can be neither released nor renewed, and starts anew when it is allocated', async () => {
      expect(await t.store.calls.heartbeat('call-2')).toEqual({ kind: 'unknown-call' });
      expect(await t.store.calls.release('call-2')).toMatchObject({ kind: 'unknown-call' });
      expect(await t.allocate('call-2', ['basic'])).toMatchObject({ kind: 'allocated' });
      expect(await callsOfPod()).toEqual(['call-1', 'call-2']);
    });

    it('the sweep ends it together with a call whose lease ran out', async () => {
      await t.advance(105_000);
      const { endedCalls } = await t.store.pods.expireLeases(t.epoch, 10);
      expect(endedCalls.map((call) => call.callSid).sort()).toEqual(['call-1', 'call-2']);
    });
  });

  describe('where the pool of a pod was deleted', () => {
    it('releases its call, and the pod is offered again in its pool after the repair', async () => {
      await t.granted('call-1', ['gold']);
      await t.client.del(t.key('pod:tier:pod-g'));
      expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released', podName: 'pod-g' });
      expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toMatchObject({ kind: 'repaired', changed: true });
      await sweep('gold');
      expect(await t.stats('gold')).toEqual({ assigned: 1, available: 1, activeCalls: 0, draining: 0 });
    });

    it('shows the pod all the same, and removes it without a trace', async () => {
      await t.granted('call-1', ['gold']);
      await t.store.drains.drain('pod-g');
      await t.client.del(t.key('pod:tier:pod-g'));
      expect((await t.store.reader.pods({ limit: 10 })).items.map((pod) => pod.podName)).toEqual(['pod-b', 'pod-g']);
      expect(await t.store.pods.removePod(t.epoch, 'pod-g')).toEqual({ kind: 'removed', endedCalls: ['call-1'] });
      await sweep('gold');
      expect(await t.stats('gold')).toEqual({ assigned: 0, available: 0, activeCalls: 0, draining: 0 });
    });

    it('ends its drain in time', async () => {
      await t.store.drains.drain('pod-g');
      await t.client.del(t.key('pod:tier:pod-g'));
      await t.advance(70_000);
      expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({ endedDrains: ['pod-g'] });
      await t.store.pods.repairPod(t.epoch, 'pod-g');
      await sweep('gold');
      expect(await t.stats('gold')).toMatchObject({ available: 1, draining: 0 });
    });

    it('registers a pod anew that no pool knows', async () => {
      await t.client.del(t.key('pod:tier:pod-g'));
      await t.client.srem(t.key('pool:gold:assigned'), 'pod-g');
      expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toEqual({ kind: 'unknown-pod' });
      expect(await t.register('pod-g', 'basic')).toMatchObject({ kind: 'added', pool: 'basic' });
      await sweep('gold');
      expect(await t.stats('gold')).toMatchObject({ assigned: 0, available: 0 });
    });
  });

  it('moves a pod with its calls whose pool was changed', async () => {
    await t.granted('call-1', ['gold']);
    await t.client.set(t.key('pod:tier:pod-g'), 'basic');
    await t.store.pods.repairPod(t.epoch, 'pod-g');
    await sweep('gold');
    expect(await t.stats('gold')).toEqual({ assigned: 0, available: 0, activeCalls: 0, draining: 0 });
    expect(await t.stats('basic')).toMatchObject({ assigned: 2, activeCalls: 1 });
    await t.store.calls.release('call-1');
    expect(await t.stats('basic')).toMatchObject({ available: 2, activeCalls: 0 });
  });

  it('lists a pod again of which only its pool knows', async () => {
    await t.client.zrem(t.key('pods'), 'pod-g');
    await sweep('gold');
    expect((await t.store.reader.pods({ limit: 10 })).items.map((pod) => pod.podName)).toEqual(['pod-b', 'pod-g']);
  });

  it('offers a pod again when a drain runs out that was set by hand and met by an allocation', async () => {
    await t.client.set(t.key('pod:draining:pod-g'), '1', 'PX', 60_000);
    expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    await t.advance(70_000);
    expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({ endedDrains: ['pod-g'] });
    expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated' });
  });

  it('writes the pod hash anew that was deleted', async () => {
    await t.granted('call-1', ['basic']);
    await t.client.del(t.key('pod:pod-b'));
    await t.register('pod-b', 'basic');
    await t.store.pods.repairPod(t.epoch, 'pod-b');
    expect(await t.client.hgetall(t.key('pod:pod-b'))).toMatchObject({
      status: 'allocated',
      allocated_call_sid: 'call-1',
      source_pool: 'basic',
      incarnation: 'first',
    });
  });

  it.each(['assigned', 'calls', 'draining'])('survives something else under the key of %s', async (set) => {
    await t.client.del(t.key(`pool:gold:${set}`));
    await t.client.set(t.key(`pool:gold:${set}`), 'no set');
    await t.client.srem(t.key('pool:gold:available'), 'pod-g');
    expect(await t.allocate('call-1', ['gold', 'basic'])).toMatchObject({ kind: 'allocated' });
    expect((await t.store.reader.fleetStats()).pools).toHaveLength(2);
    await t.store.pods.configurePool(t.epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
    await t.store.pods.repairPod(t.epoch, 'pod-g');
    expect(await t.stats('gold')).toEqual({ assigned: 1, available: 1, activeCalls: 0, draining: 0 });
  });

  it('skips a pool whose policy is junk', async () => {
    await t.client.hset(t.key('pools'), 'gold', 'junk');
    expect(await t.allocate('call-1', ['gold', 'basic'])).toMatchObject({ grant: { pool: 'basic' } });
    expect((await t.store.reader.fleetStats()).pools).toHaveLength(2);
  });

  it('never places a call on a pod whose call was deleted before the repair', async () => {
    await t.granted('call-1', ['gold']);
    await t.client.del(t.key('call:call-1'));
    expect(await t.allocate('call-2', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated', grant: { podName: 'pod-g' } });
  });

  it('reports that it offered a pod again', async () => {
    await t.client.srem(t.key('pool:gold:available'), 'pod-g');
    await t.client.zrem(t.key('pool:basic:available'), 'pod-b');
    for (const pod of ['pod-g', 'pod-b']) {
      expect(await t.store.pods.repairPod(t.epoch, pod)).toEqual({ kind: 'repaired', changed: true, endedCalls: [] });
      expect(await t.store.pods.repairPod(t.epoch, pod)).toEqual({ kind: 'repaired', changed: false, endedCalls: [] });
    }
  });

  it('takes away a lease that no call stands behind', async () => {
    await t.client.set(t.key('lease:pod-g'), 'foreign');
    expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toMatchObject({ changed: true, endedCalls: [] });
    expect(await t.store.reader.pod('pod-g')).toMatchObject({ leaseCallSid: null });
  });

  it('lists a pod again that was taken out of the list', async () => {
    await t.client.zrem(t.key('pods'), 'pod-g');
    expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toMatchObject({ changed: true });
    expect((await t.store.reader.pods({ limit: 10 })).items.map((pod) => pod.podName)).toEqual(['pod-b', 'pod-g']);
  });

  it('takes no call for live whose pod does not know it', async () => {
    await t.client.hset(t.key('call:foreign'), 'pod_name', 'pod-g');
    expect(await t.store.calls.release('foreign')).toMatchObject({ kind: 'unknown-call' });
    expect(await t.store.calls.heartbeat('foreign')).toEqual({ kind: 'unknown-call' });
    expect(await t.allocate('foreign', ['gold'])).toMatchObject({ kind: 'allocated', grant: { podName: 'pod-g' } });
  });

  it('offers a pod again that was taken out of its pool', async () => {
    await t.client.srem(t.key('pool:gold:available'), 'pod-g');
    await t.client.srem(t.key('pool:gold:assigned'), 'pod-g');
    expect(await t.store.pods.repairPod(t.epoch, 'pod-g')).toMatchObject({ changed: true });
    expect(await t.stats('gold')).toMatchObject({ assigned: 1, available: 1 });
  });

  it('never gives a busy, foreign or unknown pod that was put into a pool', async () => {
    await t.granted('call-1', ['gold']);
    await t.client.sadd(t.key('pool:gold:available'), 'pod-g', 'pod-b', 'foreign');
    expect(await t.allocate('call-2', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    expect(await t.client.smembers(t.key('pool:gold:available'))).toEqual([]);
  });

  it('never overloads a shared pod whose score was lowered, and repairs the score', async () => {
    await t.granted('call-1', ['basic']);
    await t.granted('call-2', ['basic']);
    await t.client.zadd(t.key('pool:basic:available'), -5, 'pod-b');
    expect(await t.allocate('call-3', ['basic'])).toMatchObject({ kind: 'no-capacity' });
    expect(await t.client.zscore(t.key('pool:basic:available'), 'pod-b')).toBe('2');
  });

  it('takes foreign members out of all sets of a pool', async () => {
    const foreign = Array.from({ length: 1_000 }, (_, i) => `foreign-${i}`);
    await t.client.sadd(t.key('pool:gold:assigned'), 'pod-b', ...foreign);
    await t.client.zadd(t.key('pool:basic:available'), 0, 'pod-g');
    expect((await sweep('gold')).sort()).toEqual(['pod-b', ...foreign].sort());
    expect(await sweep('basic')).toEqual(['pod-g']);
    expect(await t.stats('gold')).toMatchObject({ assigned: 1, available: 1 });
  });

  it('ends a drain whose mark was deleted, and keeps one that was set', async () => {
    await t.store.drains.drain('pod-g');
    await t.client.del(t.key('pod:draining:pod-g'));
    await t.client.set(t.key('pod:draining:pod-b'), '1');
    expect(await t.allocate('call-1', ['basic'])).toMatchObject({ kind: 'no-capacity' });
    for (const pod of ['pod-g', 'pod-b']) await t.store.pods.repairPod(t.epoch, pod);
    expect(await t.stats('gold')).toMatchObject({ available: 1, draining: 0 });
    expect(await t.stats('basic')).toMatchObject({ available: 0, draining: 1 });
  });

  it('follows a drain that was prolonged, and ends no drain that was given no end', async () => {
    for (const pod of ['pod-g', 'pod-b']) await t.store.drains.drain(pod);
    await t.client.pexpire(t.key('pod:draining:pod-g'), 3_600_000);
    await t.client.persist(t.key('pod:draining:pod-b'));
    await t.advance(70_000);
    expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({ endedDrains: [] });
    expect(Number(await t.client.zscore(t.key('pods:draining'), 'pod-g'))).toBeGreaterThan(Date.now() + 3_000_000);
    expect(await t.client.zscore(t.key('pods:draining'), 'pod-b')).toBeNull();
    await t.store.pods.repairPod(t.epoch, 'pod-g');
    expect(await t.stats('gold')).toMatchObject({ available: 0, draining: 1 });
    expect(await t.stats('basic')).toMatchObject({ available: 0, draining: 1 });
  });

  it('forgets the lease of a call that no pod holds', async () => {
    await t.client.zadd(t.key('calls:expiry'), 1, 'foreign');
    expect(await t.store.pods.expireLeases(t.epoch, 10)).toMatchObject({
      endedCalls: [],
      endedDrains: [],
      more: false,
    });
    expect(await t.client.zscore(t.key('calls:expiry'), 'foreign')).toBeNull();
  });

  it('survives something else under the key of a pool: other pools serve, and configuring repairs it', async () => {
    await t.client.del(t.key('pool:gold:available'));
    await t.client.rpush(t.key('pool:gold:available'), 'not', 'a', 'pool');
    expect(await t.allocate('call-1', ['gold', 'basic'])).toMatchObject({
      kind: 'allocated',
      attempts: [
        { pool: 'gold', outcome: 'wrong_type' },
        { pool: 'basic', outcome: 'granted' },
      ],
    });
    expect(await t.store.pods.configurePool(t.epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 })).toEqual({
      typeChanged: true,
    });
    expect(await t.client.exists(t.key('pool:gold:available'), t.key('pool:gold:outgoing'))).toBe(0);
    await t.store.pods.repairPod(t.epoch, 'pod-g');
    expect(await t.allocate('call-2', ['gold'])).toMatchObject({ kind: 'allocated' });
  });

  it('takes a key of another type under the name of the lease for no lease', async () => {
    await t.client.rpush(t.key('leader:lease'), 'by hand');
    expect(await t.store.lease.readLease()).toBeNull();
    expect(await t.store.lease.replaceLease(null, 'first')).toBe(true);
    expect(await t.store.lease.readLease()).toBe('first');
  });
});
