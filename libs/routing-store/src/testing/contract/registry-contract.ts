import { InvalidPodNameError, StaleEpochError, UnknownPoolError } from '../../domain/errors';
import type { CreateHarness } from '../store-harness';
import { StoreUnderTest } from '../store-harness';

export function registryContract(create: CreateHarness): void {
  let t: StoreUnderTest;
  beforeEach(async () => {
    t = await StoreUnderTest.open(create);
  });
  afterEach(() => t.close());

  describe('registerPod', () => {
    it('adds a pod once', async () => {
      expect(await t.register('pod-1', 'gold')).toEqual({ kind: 'added', pool: 'gold', endedCalls: [] });
      expect(await t.register('pod-1', 'basic')).toEqual({ kind: 'known', pool: 'gold', endedCalls: [] });
      expect(await t.stats('gold')).toEqual({ assigned: 1, available: 1, activeCalls: 0, draining: 0 });
    });

    it('keeps the call of a pod that is registered again', async () => {
      await t.register('pod-1', 'gold');
      await t.granted('call-1', ['gold']);
      await t.register('pod-1', 'gold');
      expect(await t.stats('gold')).toMatchObject({ available: 0, activeCalls: 1 });
    });

    it('keeps the calls of a pod that is not ready for a while', async () => {
      await t.register('pod-1', 'basic');
      await t.granted('call-1', ['basic']);
      await t.register('pod-1', 'basic', { ready: false });
      expect(await t.stats('basic')).toMatchObject({ available: 0, activeCalls: 1 });
      await t.register('pod-1', 'basic', { ready: true });
      await t.granted('call-2', ['basic']);
      expect(await t.allocate('call-3', ['basic'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('ends calls and drain of the old incarnation before the new one is offered', async () => {
      await t.register('pod-1', 'basic');
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
      await t.store.drains.drain('pod-1');
      const outcome = await t.register('pod-1', 'gold', { incarnation: 'second' });
      expect(outcome).toEqual({ kind: 'restarted', pool: 'basic', endedCalls: ['call-1', 'call-2'] });
      expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'unknown-call' });
      expect(await t.stats('basic')).toEqual({ assigned: 1, available: 1, activeCalls: 0, draining: 0 });
    });

    it('refuses a pool that was never configured', async () => {
      await expect(t.register('pod-1', 'nowhere')).rejects.toThrow(UnknownPoolError);
      expect(await t.store.reader.pod('pod-1')).toBeNull();
    });

    it.each(['', 'metadata', 'tier:x', 'draining:x', 'calls:x', 'a b', 'a/b', 'x'.repeat(129)])(
      'refuses the name %j',
      async (podName) => {
        await expect(t.register(podName, 'gold')).rejects.toThrow(InvalidPodNameError);
      },
    );
  });

  describe('removePod', () => {
    it('ends all calls of the pod and leaves nothing of it', async () => {
      await t.register('pod-1', 'basic');
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
      await t.store.drains.drain('pod-1');
      expect(await t.store.pods.removePod(t.epoch, 'pod-1')).toEqual({
        kind: 'removed',
        endedCalls: ['call-1', 'call-2'],
      });
      expect(await t.store.reader.pod('pod-1')).toBeNull();
      expect(await t.store.reader.pods({ limit: 10 })).toEqual({ items: [], cursor: null });
      expect(await t.store.reader.calls({ limit: 10 })).toEqual({ items: [], cursor: null });
      expect(await t.stats('basic')).toEqual({ assigned: 0, available: 0, activeCalls: 0, draining: 0 });
      expect(await t.allocate('call-1', ['basic'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('spares a later incarnation', async () => {
      await t.register('pod-1', 'gold', { incarnation: 'second' });
      expect(await t.store.pods.removePod(t.epoch, 'pod-1', 'first')).toEqual({ kind: 'superseded' });
      expect(await t.store.pods.removePod(t.epoch, 'pod-1', 'second')).toMatchObject({ kind: 'removed' });
      expect(await t.store.pods.removePod(t.epoch, 'pod-1')).toEqual({ kind: 'unknown-pod' });
    });
  });

  describe('movePod', () => {
    it('moves an idle pod', async () => {
      await t.register('pod-1', 'gold');
      expect(await t.store.pods.movePod(t.epoch, 'pod-1', 'basic', { onlyIdle: true })).toEqual({
        kind: 'moved',
        from: 'gold',
      });
      expect(await t.stats('gold')).toMatchObject({ assigned: 0, available: 0 });
      expect(await t.stats('basic')).toMatchObject({ assigned: 1, available: 1 });
    });

    it('leaves a busy or draining pod where it is when only idle ones may move', async () => {
      await t.register('pod-1', 'gold');
      await t.granted('call-1', ['gold']);
      expect(await t.store.pods.movePod(t.epoch, 'pod-1', 'basic', { onlyIdle: true })).toEqual({ kind: 'busy' });
      await t.store.calls.release('call-1');
      await t.store.drains.drain('pod-1');
      expect(await t.store.pods.movePod(t.epoch, 'pod-1', 'basic', { onlyIdle: true })).toEqual({ kind: 'busy' });
    });

    it('takes calls and drain along, and never offers more than the new pool allows', async () => {
      await t.register('pod-1', 'basic');
      await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
      await t.store.pods.movePod(t.epoch, 'pod-1', 'gold', { onlyIdle: false });
      expect(await t.stats('gold')).toEqual({ assigned: 1, available: 0, activeCalls: 2, draining: 0 });
      await t.store.calls.release('call-1');
      expect(await t.allocate('call-3', ['gold'])).toMatchObject({ kind: 'no-capacity' });
      await t.store.calls.release('call-2');
      expect(await t.allocate('call-3', ['gold'])).toMatchObject({ kind: 'allocated' });
    });

    it('refuses an unknown pod and an unknown pool', async () => {
      await t.register('pod-1', 'gold');
      expect(await t.store.pods.movePod(t.epoch, 'unknown', 'gold', { onlyIdle: true })).toEqual({
        kind: 'unknown-pod',
      });
      await expect(t.store.pods.movePod(t.epoch, 'pod-1', 'nowhere', { onlyIdle: true })).rejects.toThrow(
        UnknownPoolError,
      );
    });
  });

  describe('configurePool', () => {
    it('lets more and fewer calls on shared pods, and keeps those that run', async () => {
      await t.register('pod-1', 'basic');
      await t.store.pods.configurePool(t.epoch, 'basic', { type: 'shared', maxConcurrent: 3 });
      for (const callSid of ['call-1', 'call-2', 'call-3']) await t.granted(callSid, ['basic']);
      await t.store.pods.configurePool(t.epoch, 'basic', { type: 'shared', maxConcurrent: 2 });
      await t.store.calls.release('call-1');
      expect(await t.allocate('call-4', ['basic'])).toMatchObject({ kind: 'no-capacity' });
      await t.store.calls.release('call-2');
      expect(await t.allocate('call-4', ['basic'])).toMatchObject({ kind: 'allocated' });
    });

    it('keeps idle pods allocatable while a pool becomes shared', async () => {
      for (const pod of ['pod-1', 'pod-2', 'pod-3']) await t.register(pod, 'gold');
      await t.granted('call-1', ['gold']);
      const change = await t.store.pods.configurePool(t.epoch, 'gold', { type: 'shared', maxConcurrent: 2 });
      expect(change).toEqual({ typeChanged: true });
      await t.granted('call-2', ['gold']);
      for (const pod of ['pod-1', 'pod-2', 'pod-3']) await t.store.pods.repairPod(t.epoch, pod);
      for (const callSid of ['call-3', 'call-4', 'call-5', 'call-6']) await t.granted(callSid, ['gold']);
      expect(await t.allocate('call-7', ['gold'])).toMatchObject({ kind: 'no-capacity' });
      expect(await t.stats('gold')).toMatchObject({ activeCalls: 6, available: 0 });
    });

    it('offers a pod only when idle once its pool has become exclusive', async () => {
      for (const pod of ['pod-1', 'pod-2']) await t.register(pod, 'basic');
      for (const callSid of ['call-1', 'call-2', 'call-3']) await t.granted(callSid, ['basic']);
      await t.store.pods.configurePool(t.epoch, 'basic', { type: 'exclusive', maxConcurrent: 1 });
      expect(await t.allocate('call-4', ['basic'])).toMatchObject({ kind: 'no-capacity' });
      for (const pod of ['pod-1', 'pod-2']) await t.store.pods.repairPod(t.epoch, pod);
      for (const callSid of ['call-1', 'call-2', 'call-3']) await t.store.calls.release(callSid);
      expect(await t.stats('basic')).toMatchObject({ available: 2, activeCalls: 0 });
      await t.granted('call-4', ['basic']);
      await t.granted('call-5', ['basic']);
      expect(await t.allocate('call-6', ['basic'])).toMatchObject({ kind: 'no-capacity' });
    });

    it('finds all pods when the type is changed back half-way', async () => {
      for (const pod of ['pod-1', 'pod-2', 'pod-3']) await t.register(pod, 'gold');
      await t.store.pods.configurePool(t.epoch, 'gold', { type: 'shared', maxConcurrent: 2 });
      await t.store.pods.repairPod(t.epoch, 'pod-1');
      await t.store.pods.configurePool(t.epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
      for (const callSid of ['call-1', 'call-2', 'call-3']) await t.granted(callSid, ['gold']);
      expect(await t.allocate('call-4', ['gold'])).toMatchObject({ kind: 'no-capacity' });
    });
  });

  describe('removePool', () => {
    it('removes only a pool without pods', async () => {
      await t.register('pod-1', 'gold');
      expect(await t.store.pods.removePool(t.epoch, 'gold')).toEqual({ kind: 'has-pods' });
      await t.store.pods.movePod(t.epoch, 'pod-1', 'basic', { onlyIdle: false });
      expect(await t.store.pods.removePool(t.epoch, 'gold')).toEqual({ kind: 'removed' });
      expect(await t.store.pods.removePool(t.epoch, 'gold')).toEqual({ kind: 'unknown-pool' });
      expect((await t.store.reader.fleetStats()).pools.map((stats) => stats.pool)).toEqual(['basic']);
    });
  });

  describe('an incarnation of which more is known', () => {
    const incarnation = async () => (await t.store.reader.pod('pod-1'))?.incarnation;

    beforeEach(async () => {
      await t.register('pod-1', 'basic', { incarnation: 'uid' });
      await t.granted('call-1', ['basic']);
    });

    it('is the same life, and is kept where less is known again', async () => {
      for (const seen of ['uid/0', 'uid/0/a', 'uid/0', 'uid']) {
        const outcome = await t.register('pod-1', 'basic', { incarnation: seen });
        expect(outcome).toEqual({ kind: 'known', pool: 'basic', endedCalls: [] });
      }
      expect(await incarnation()).toBe('uid/0/a');
    });

    it.each(['uid/1', 'uid/0/b', 'uid/0/a2', 'ui', 'uid2/0/a'])(
      'is another life when it is %s after uid/0/a',
      async (seen) => {
        await t.register('pod-1', 'basic', { incarnation: 'uid/0/a' });
        const outcome = await t.register('pod-1', 'basic', { incarnation: seen });
        expect(outcome).toEqual({ kind: 'restarted', pool: 'basic', endedCalls: ['call-1'] });
        expect(await incarnation()).toBe(seen);
      },
    );
  });

  describe('repair', () => {
    it('finds nothing to repair where all is right', async () => {
      await t.register('pod-1', 'basic');
      await t.granted('call-1', ['basic']);
      expect(await t.store.pods.repairPod(t.epoch, 'pod-1')).toEqual({
        kind: 'repaired',
        changed: false,
        endedCalls: [],
      });
      expect(await t.store.pods.sweepPool(t.epoch, 'basic', null)).toMatchObject({ evicted: [], found: [] });
      expect(await t.store.pods.sweepIndexes(t.epoch, null)).toMatchObject({ evicted: [], found: [] });
      expect(await t.store.pods.repairPod(t.epoch, 'unknown')).toEqual({ kind: 'unknown-pod' });
    });
  });

  describe('the epoch', () => {
    it('grows with every claim', async () => {
      expect(await t.store.leadership.claimEpoch()).toBeGreaterThan(t.epoch);
    });

    it('of a claim alone takes nothing from the current leader', async () => {
      await t.store.leadership.claimEpoch();
      expect(await t.register('pod-1', 'gold')).toMatchObject({ kind: 'added' });
    });

    it('refuses every write of a former leader once the new one has written', async () => {
      await t.register('pod-1', 'gold');
      const next = await t.store.leadership.claimEpoch();
      await t.store.leadership.announceLeader(next, 'router-2', 30_000);
      const pod = { podName: 'pod-2', incarnation: 'first', ready: true, pool: 'gold' };
      const writes = [
        () => t.store.leadership.announceLeader(t.epoch, 'router-1', 30_000),
        () => t.store.pods.configurePool(t.epoch, 'gold', { type: 'shared', maxConcurrent: 9 }),
        () => t.store.pods.removePool(t.epoch, 'basic'),
        () => t.store.pods.registerPod(t.epoch, pod),
        () => t.store.pods.removePod(t.epoch, 'pod-1'),
        () => t.store.pods.movePod(t.epoch, 'pod-1', 'basic', { onlyIdle: false }),
        () => t.store.pods.repairPod(t.epoch, 'pod-1'),
        () => t.store.pods.sweepPool(t.epoch, 'gold', null),
        () => t.store.pods.sweepIndexes(t.epoch, null),
        () => t.store.pods.expireLeases(t.epoch, 10),
      ];
      for (const write of writes) await expect(write()).rejects.toThrow(StaleEpochError);
      const { pools, leader } = await t.store.reader.fleetStats();
      expect(leader).toMatchObject({ identity: 'router-2', epoch: next });
      expect(pools.map((stats) => [stats.pool, stats.policy.type, stats.assigned])).toEqual([
        ['basic', 'shared', 0],
        ['gold', 'exclusive', 1],
      ]);
    });
  });

  describe('the announced leader', () => {
    it('is forgotten when it falls silent', async () => {
      await t.store.leadership.announceLeader(t.epoch, 'router-1', 30_000);
      expect((await t.store.reader.fleetStats()).leader).toMatchObject({ identity: 'router-1', epoch: t.epoch });
      await t.advance(35_000);
      expect((await t.store.reader.fleetStats()).leader).toBeNull();
    });

    it('takes back its own word only', async () => {
      await t.store.leadership.announceLeader(t.epoch, 'router-1', 30_000);
      await t.store.leadership.resignLeader(t.epoch - 1);
      expect((await t.store.reader.fleetStats()).leader).toMatchObject({ identity: 'router-1' });
      await t.store.leadership.resignLeader(t.epoch);
      expect((await t.store.reader.fleetStats()).leader).toBeNull();
    });
  });
}
