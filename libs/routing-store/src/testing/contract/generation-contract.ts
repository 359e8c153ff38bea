import { waitFor } from '@smart-router/testbed';
import { StoreHeldError } from '../../domain/errors';
import type { GenerationReport, ReassertCallCommand, ReplayPhase } from '../../domain/grant-recovery';
import type { StoreTimings } from '../../domain/routing-store';
import type { StoreHarness } from '../store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../store-harness';

/** Calls are held after a loss, for as short as a test can wait; who is silent is waited for longer than any test takes. */
export const HOLDING_TIMINGS: StoreTimings = { ...TEST_TIMINGS, failoverHoldMs: 30, failoverHoldMaxMs: 25_000 };
const SILENCE_IS_SHORT: StoreTimings = { ...HOLDING_TIMINGS, failoverHoldMaxMs: 400 };

export interface LosingHarness extends StoreHarness {
  /** Another server takes over, with all data; whoever comes next asks it first which generation it is. */
  failOver(): Promise<void>;
}

/** How an adapter whose data may be lost lets processes replay what they know. */
export function describeGenerationContract(
  adapter: string,
  create: (timings: StoreTimings) => Promise<LosingHarness>,
): void {
  describe(`the generation of a store in ${adapter}`, () => {
    let harness: LosingHarness;
    let t: StoreUnderTest;
    async function open(timings: StoreTimings): Promise<void> {
      harness = await create(timings);
      await harness.store.recovery.checkGeneration({ member: null, known: null, phase: 'everything', liveMembers: [] });
      t = await StoreUnderTest.open(async () => harness);
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
      await isOpen();
    }
    beforeEach(() => open(HOLDING_TIMINGS));
    afterEach(() => t.close());

    const report = (member: string | null, options: Partial<GenerationReport> = {}) =>
      t.store.recovery.checkGeneration({ member, known: null, phase: 'everything', liveMembers: [], ...options });
    const isHeld = async (): Promise<boolean> => (await report(null)).isHeld;
    const isOpen = () => waitFor(async () => !(await isHeld()), { description: 'the end of the hold' });

    /** Two processes are known, and then the server changes. @returns how each reports in the next generation */
    async function failOver() {
      await report('a');
      const { generation: known } = await report('b');
      await harness.failOver();
      const { generation } = await report(null, { known });
      const reporter = (member: string) => (phase: ReplayPhase) => report(member, { known: generation, phase });
      return { known, generation, a: reporter('a'), b: reporter('b') };
    }

    const reassertion = (callSid: string, podName: string, number: number): ReassertCallCommand => ({
      callSid,
      grant: { podName, pool: 'gold', allocatedAt: Math.floor(Date.now() / 1_000), number },
      merchantId: '',
    });

    it('stays the same while nothing is lost, and holds nothing', async () => {
      const { generation, isHeld: held } = await report('a');
      expect(held).toBe(false);
      expect(await report('a', { known: generation })).toMatchObject({ generation, liveMembers: ['a'] });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated' });
    });

    it('changes with the server', async () => {
      const { known, generation } = await failOver();
      expect(generation).not.toBe(known);
      expect((await report(null)).generation).toBe(generation);
    });

    it('reports the time in microseconds, as grants are numbered', async () => {
      const before = (await report(null)).storeTimeUs;
      const { number } = await t.granted('call-1', ['gold']);
      expect(number).toBeGreaterThanOrEqual(before);
      expect((await report(null)).storeTimeUs).toBeGreaterThanOrEqual(number);
    });

    it('does nothing about calls until all who lived have replayed everything', async () => {
      await t.granted('call-1', ['gold']);
      const { a, b } = await failOver();
      await a('everything');
      await b('ends');
      await expect(t.allocate('call-1', ['gold'])).rejects.toBeInstanceOf(StoreHeldError);
      await expect(t.allocate('call-2', ['basic'])).rejects.toBeInstanceOf(StoreHeldError);
      await expect(t.store.calls.release('call-1')).rejects.toBeInstanceOf(StoreHeldError);
      await expect(t.store.calls.endCall({ callSid: 'call-1', owners: ['api'] })).rejects.toBeInstanceOf(
        StoreHeldError,
      );
      await expect(t.store.calls.heartbeat('call-1')).rejects.toBeInstanceOf(StoreHeldError);
      await expect(t.store.recovery.abandonGrant({ callSid: 'call-1', request: 'r' })).rejects.toBeInstanceOf(
        StoreHeldError,
      );
      await b('everything');
      await isOpen();
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'existing' });
      expect(await t.store.calls.endCall({ callSid: 'call-1', owners: ['api'] })).toMatchObject({ kind: 'released' });
    });

    it('says when the ends of all are in', async () => {
      const { a, b } = await failOver();
      expect(await a('ends')).toMatchObject({ areEndsIn: false });
      expect(await b('nothing')).toMatchObject({ areEndsIn: false });
      expect(await b('ends')).toMatchObject({ areEndsIn: true, isHeld: true });
    });

    it('waits no longer for a process that is silent', async () => {
      await t.close();
      await open(SILENCE_IS_SHORT);
      const { a } = await failOver();
      await waitFor(async () => !(await a('everything')).isHeld, { description: 'the end of the hold' });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'allocated' });
    });

    it('waits for a process that only another process knew', async () => {
      const { generation, a, b } = await failOver();
      await report('a', { known: generation, phase: 'everything', liveMembers: ['c'] });
      await b('everything');
      expect(await isHeld()).toBe(true);
      expect(await a('everything')).toMatchObject({ areEndsIn: false });
      await report('c', { known: generation, phase: 'everything' });
      await isOpen();
    });

    it('holds calls once more for a process that nobody knew', async () => {
      const { known, a, b } = await failOver();
      await waitFor(async () => !(await a('everything')).isHeld || (await b('everything'), null), {
        description: 'the end of the hold',
      });
      expect(await report('c', { known, phase: 'everything' })).toMatchObject({ isHeld: true, areEndsIn: false });
    });

    it('does not wait for a process that has left', async () => {
      const { a } = await failOver();
      await t.store.recovery.checkGeneration({ member: 'b', known: null, phase: 'leaving', liveMembers: [] });
      expect(await a('ends')).toMatchObject({ areEndsIn: true });
      await a('everything');
      await isOpen();
    });

    it('ends no call whose lease has run out while heartbeats are refused', async () => {
      await t.close();
      await open({ ...HOLDING_TIMINGS, leaseMs: 1 });
      const { number } = await t.granted('call-1', ['gold']);
      const { a, b } = await failOver();
      const isOver = async () => (await report(null)).storeTimeUs > number + 2_000;
      await waitFor(isOver, { description: 'the end of the lease' });
      const sweep = () => t.store.pods.expireLeases(t.epoch, 10);
      expect(await sweep()).toMatchObject({ endedCalls: [], more: false, heldBack: 0 });
      await a('everything');
      await b('everything');
      await isOpen();
      expect((await sweep()).endedCalls).toHaveLength(1);
    });

    it('does not wait for a process that starts', async () => {
      const { a, b } = await failOver();
      await report('new');
      await a('everything');
      await b('everything');
      await isOpen();
    });

    it('takes replayed ends and grants while calls are held', async () => {
      const first = await t.granted('call-1', ['gold']);
      await failOver();
      expect(
        await t.store.recovery.reassertEnd({ callSid: 'call-1', upToNumber: first.number, owners: ['api'] }),
      ).toEqual({
        kind: 'released',
      });
      expect(await t.store.recovery.reassertCall(reassertion('call-2', 'pod-g', first.number + 5))).toMatchObject({
        kind: 'restored',
      });
      expect(await t.store.recovery.reassertRelease({ callSid: 'call-2', upToNumber: first.number + 5 })).toEqual({
        kind: 'released',
      });
      expect(await isHeld()).toBe(true);
    });

    it('gives an exclusive pod to the later of two grants, whose end was lost', async () => {
      const { number } = await t.granted('call-1', ['gold']);
      await failOver();
      expect(await t.store.recovery.reassertCall(reassertion('call-2', 'pod-g', number + 5))).toMatchObject({
        kind: 'restored',
      });
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ calls: ['call-2'] });
      // The earlier one is replayed, too, by a process that does not know of its end.
      expect(await t.store.recovery.reassertCall(reassertion('call-1', 'pod-g', number))).toEqual({ kind: 'ended' });
      expect(await t.store.recovery.reassertCall(reassertion('call-0', 'pod-g', number - 5))).toEqual({
        kind: 'ended',
      });
    });

    it('takes no exclusive pod from a call that got it after the loss', async () => {
      const { a, b } = await failOver();
      await a('everything');
      await b('everything');
      await isOpen();
      const { number } = await t.granted('call-new', ['gold']);
      const conflict = { kind: 'conflict', calls: ['call-new'] };
      expect(await t.store.recovery.reassertCall(reassertion('call-1', 'pod-g', number - 1))).toEqual(conflict);
      expect(await t.store.recovery.reassertCall(reassertion('call-2', 'pod-g', number + 1))).toEqual(conflict);
    });

    it('lets a full shared pod be tried again, and gives up once calls are not held any more', async () => {
      const first = await t.granted('call-1', ['basic']);
      await t.granted('call-2', ['basic']);
      const { a, b } = await failOver();
      const command = reassertion('call-3', 'pod-b', first.number - 5);
      expect(await t.store.recovery.reassertCall(command)).toMatchObject({ kind: 'conflict' });
      await a('everything');
      await b('everything');
      await isOpen();
      // Both calls came later, so that this one had ended before.
      expect(await t.store.recovery.reassertCall(command)).toEqual({ kind: 'ended' });
    });

    it('moves a call to the pod of its later grant', async () => {
      const { number } = await t.granted('call-1', ['gold']);
      await failOver();
      const later = reassertion('call-1', 'pod-b', number + 5);
      expect(await t.store.recovery.reassertCall(later)).toMatchObject({ kind: 'restored' });
      expect(await t.store.reader.pod('pod-g')).toMatchObject({ calls: [] });
      const superseded = { kind: 'superseded', podName: 'pod-b' };
      await t.store.recovery.reassertRelease({ callSid: 'call-1', upToNumber: number - 5 });
      expect(await t.store.recovery.reassertCall(reassertion('call-1', 'pod-g', number + 1))).toEqual(superseded);
    });
  });
}
