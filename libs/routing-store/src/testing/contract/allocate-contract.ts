import { setMerchantConfig } from '../configuration';
import type { CreateHarness } from '../store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../store-harness';

export function allocateContract(create: CreateHarness): void {
  describe('allocate', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
    });
    afterEach(() => t.close());

    it('gives a pod of the first pool of the chain', async () => {
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
      const outcome = await t.allocate('call-1', ['gold', 'basic'], { provider: 'twilio' });
      expect(outcome).toMatchObject({ kind: 'allocated', grant: { podName: 'pod-g', pool: 'gold' } });
      expect(await t.store.reader.call('call-1')).toMatchObject({
        podName: 'pod-g',
        provider: 'twilio',
        merchantId: '',
      });
    });

    it('reports when the pod was given in Unix seconds', async () => {
      await t.register('pod-g', 'gold');
      const { allocatedAt } = await t.granted('call-1', ['gold']);
      expect(Number.isInteger(allocatedAt)).toBe(true);
      expect(Math.abs(allocatedAt - Date.now() / 1000)).toBeLessThan(60);
    });

    it('gives the same pod again while the call lives', async () => {
      await t.register('pod-1', 'gold');
      await t.register('pod-2', 'gold');
      const grant = await t.granted('call-1', ['gold']);
      expect(await t.allocate('call-1', ['gold'])).toEqual({ kind: 'existing', grant, provider: null });
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 1 });
    });

    it('gives one pod to many requests for one call at the same time', async () => {
      for (let i = 0; i < 10; i++) await t.register(`pod-${i}`, 'gold');
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => t.allocate('call-1', ['gold'])));
      expect(outcomes.filter((outcome) => outcome.kind === 'allocated')).toHaveLength(1);
      expect(new Set(outcomes.map((outcome) => 'grant' in outcome && outcome.grant.podName)).size).toBe(1);
      expect(await t.stats('gold')).toMatchObject({ available: 9, activeCalls: 1 });
    });

    it('gives every call another pod of an exclusive pool', async () => {
      for (let i = 0; i < 20; i++) await t.register(`pod-${i}`, 'gold');
      const calls = Array.from({ length: 20 }, (_, i) => t.granted(`call-${i}`, ['gold']));
      expect(new Set((await Promise.all(calls)).map((grant) => grant.podName)).size).toBe(20);
    });

    it('spreads calls over the least loaded pods of a shared pool, up to its limit', async () => {
      await t.register('pod-1', 'basic');
      await t.register('pod-2', 'basic');
      const first = [await t.granted('call-1', ['basic']), await t.granted('call-2', ['basic'])];
      expect(new Set(first.map((grant) => grant.podName)).size).toBe(2);
      await t.granted('call-3', ['basic']);
      await t.granted('call-4', ['basic']);
      expect(await t.allocate('call-5', ['basic'])).toEqual({
        kind: 'no-capacity',
        attempts: [{ pool: 'basic', outcome: 'full' }],
      });
    });

    it('records why each pool of the chain was skipped', async () => {
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
      await t.granted('call-1', ['gold']);
      const attempts = [
        { pool: 'nowhere', outcome: 'unknown_pool' },
        { pool: 'gold', outcome: 'full' },
        { pool: 'basic', outcome: 'granted' },
      ];
      expect(await t.allocate('call-2', ['nowhere', 'gold', 'basic'])).toMatchObject({ kind: 'allocated', attempts });
      expect(await t.store.reader.call('call-2')).toMatchObject({ attempts });
    });

    it('gives no pod for an empty chain', async () => {
      expect(await t.allocate('call-1', [])).toEqual({ kind: 'no-capacity', attempts: [] });
    });

    it('never gives a pod that is not ready', async () => {
      await t.register('pod-g', 'gold', { ready: false });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'no-capacity' });
      await t.register('pod-g', 'gold', { ready: true });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated' });
    });

    it('does nothing where the chain was made from an outdated merchant config', async () => {
      await t.register('pod-g', 'gold');
      await setMerchantConfig(t.store, 'acme', '{"tier":"gold"}');
      const stale = await t.allocate('call-1', ['gold'], { merchantId: 'acme' });
      expect(stale).toEqual({ kind: 'merchant-config-changed', merchantConfig: '{"tier":"gold"}' });
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
      const known = { merchantId: 'acme', knownMerchantConfig: '{"tier":"gold"}' };
      expect(await t.allocate('call-1', ['gold'], known)).toMatchObject({ kind: 'allocated' });
      await setMerchantConfig(t.store, 'acme', null);
      expect(await t.allocate('call-2', ['gold'], known)).toEqual({
        kind: 'merchant-config-changed',
        merchantConfig: null,
      });
    });

    it('gives a live call its pod whatever became of its merchant config', async () => {
      await t.register('pod-g', 'gold');
      const grant = await t.granted('call-1', ['gold']);
      await setMerchantConfig(t.store, 'acme', '{}');
      expect(await t.allocate('call-1', [], { merchantId: 'acme' })).toMatchObject({ kind: 'existing', grant });
    });

    it('starts anew for a call that was ended because its lease ran out, and frees the pod that it held', async () => {
      await t.register('pod-1', 'gold');
      await t.granted('call-1', ['gold']);
      await t.advance(TEST_TIMINGS.leaseMs + 5_000);
      await t.store.pods.expireLeases(t.epoch, 10);
      expect(await t.store.reader.call('call-1')).toBeNull();
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated', grant: { podName: 'pod-1' } });
      expect(await t.stats('gold')).toMatchObject({ available: 0, activeCalls: 1 });
    });
  });
}
