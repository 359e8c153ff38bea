import { waitFor } from '@smart-router/testbed';
import { LateCommandError } from '../../domain/errors';
import type { StoreTimings } from '../../domain/routing-store';
import { StoreUnderTest } from '../store-harness';
import { HOLDING_TIMINGS, type LosingHarness } from './generation-contract';

type Create = (timings: StoreTimings) => Promise<LosingHarness>;

async function openStore(create: Create): Promise<StoreUnderTest> {
  const t = await StoreUnderTest.open(() => create(HOLDING_TIMINGS));
  const check = () =>
    t.store.recovery.checkGeneration({ member: null, known: null, phase: 'everything', liveMembers: [] });
  await waitFor(async () => !(await check()).isHeld, { description: 'the end of the hold' });
  return t;
}

/** What becomes of commands that are late, and of requests and releases whose answers never came. */
export function describeUnansweredContract(adapter: string, create: Create): void {
  describe(`commands with a limit in ${adapter}`, () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await openStore(create);
      await t.register('pod-g', 'gold');
      await t.register('pod-b', 'basic');
    });
    afterEach(() => t.close());
    const past = { limit: { notAfterMs: 1_000 } };

    it('change nothing when they are late', async () => {
      await t.granted('call-1', ['gold']);
      await expect(t.allocate('call-2', ['basic'], past)).rejects.toBeInstanceOf(LateCommandError);
      await expect(t.store.calls.release('call-1', past.limit)).rejects.toBeInstanceOf(LateCommandError);
      await expect(t.store.calls.endCall({ callSid: 'call-1', owners: ['api'], ...past })).rejects.toBeInstanceOf(
        LateCommandError,
      );
      await expect(t.store.calls.heartbeat('call-1', past.limit)).rejects.toBeInstanceOf(LateCommandError);
      expect(await t.stats('gold')).toMatchObject({ activeCalls: 1 });
      expect(await t.stats('basic')).toMatchObject({ activeCalls: 0 });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'existing' });
    });

    it('say what time it is for the store when they are late', async () => {
      const { storeTimeUs } = await t.store.recovery.checkGeneration({
        ...{ member: null, known: null, phase: 'everything', liveMembers: [] },
      });
      const late = await t.allocate('call-2', ['basic'], past).catch((error: unknown) => error);
      expect((late as LateCommandError).storeTimeMs).toBeGreaterThanOrEqual(Math.floor(storeTimeUs / 1_000));
    });

    it('take effect in time', async () => {
      const inTime = { notAfterMs: Date.now() + 60_000 };
      expect(await t.allocate('call-1', ['gold'], { limit: inTime })).toMatchObject({ kind: 'allocated' });
      expect(await t.store.calls.heartbeat('call-1', inTime)).toMatchObject({ kind: 'renewed' });
      expect(await t.store.calls.release('call-1', inTime)).toMatchObject({ kind: 'released' });
    });
  });

  describe(`a grant whose request was not answered, in ${adapter}`, () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await openStore(create);
      await t.register('pod-g', 'gold');
    });
    afterEach(() => t.close());
    const abandon = (request: string) => t.store.recovery.abandonGrant({ callSid: 'call-1', request });

    it('ends where nobody came back for it', async () => {
      const outcome = await t.allocate('call-1', ['gold'], { request: 'first' });
      const { number } = (outcome as { grant: { number: number } }).grant;
      expect(await abandon('first')).toEqual({ kind: 'abandoned', grantNumber: number });
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
    });

    it('ends where the requests that have met it were not answered either', async () => {
      await t.allocate('call-1', ['gold'], { request: 'first' });
      await t.allocate('call-1', ['gold'], { request: 'second' });
      expect(await abandon('first')).toEqual({ kind: 'claimed' });
      expect(await abandon('second')).toMatchObject({ kind: 'abandoned' });
      expect(await t.stats('gold')).toMatchObject({ available: 1, activeCalls: 0 });
    });

    it('continues where a heartbeat has come for it', async () => {
      await t.allocate('call-1', ['gold'], { request: 'first' });
      await t.store.calls.heartbeat('call-1');
      expect(await abandon('first')).toEqual({ kind: 'claimed' });
    });

    it('is named with its end where it was abandoned before', async () => {
      const outcome = await t.allocate('call-1', ['gold'], { request: 'first' });
      const { number } = (outcome as { grant: { number: number } }).grant;
      await abandon('first');
      expect(await abandon('first')).toEqual({ kind: 'claimed', endedUpToNumber: number });
    });

    it('continues where many have met it', async () => {
      for (let index = 0; index < 40; index++) await t.allocate('call-1', ['gold'], { request: `request-${index}` });
      for (let index = 0; index < 40; index++) await abandon(`request-${index}`);
      expect(await t.stats('gold')).toMatchObject({ activeCalls: 1 });
    });

    it('continues where another request has met it', async () => {
      await t.allocate('call-1', ['gold'], { request: 'first' });
      await t.allocate('call-1', ['gold'], { request: 'second' });
      expect(await abandon('first')).toEqual({ kind: 'claimed' });
      expect(await t.stats('gold')).toMatchObject({ activeCalls: 1 });
    });

    it('continues where somebody has replayed it', async () => {
      const outcome = await t.allocate('call-1', ['gold'], { request: 'first' });
      const { grant } = outcome as { grant: { podName: string; pool: string; allocatedAt: number; number: number } };
      expect(await t.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' })).toEqual({
        kind: 'kept',
      });
      expect(await abandon('first')).toEqual({ kind: 'claimed' });
    });

    it('is not that of another request', async () => {
      await t.allocate('call-1', ['gold'], { request: 'first' });
      await t.store.calls.release('call-1');
      await t.allocate('call-1', ['gold'], { request: 'second' });
      expect(await abandon('first')).toMatchObject({ kind: 'claimed' });
      expect(await t.stats('gold')).toMatchObject({ activeCalls: 1 });
    });

    it('is none where the call never got one', async () => {
      expect(await abandon('first')).toEqual({ kind: 'claimed' });
    });
  });

  describe(`a release that is repeated, in ${adapter}`, () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await openStore(create);
      await t.register('pod-g', 'gold');
    });
    afterEach(() => t.close());

    it('ends no grant that came later', async () => {
      const first = await t.granted('call-1', ['gold']);
      await t.store.calls.release('call-1');
      await t.granted('call-1', ['gold']);
      expect(await t.store.recovery.reassertRelease({ callSid: 'call-1', upToNumber: first.number })).toEqual({
        kind: 'noted',
      });
      expect(await t.stats('gold')).toMatchObject({ activeCalls: 1 });
    });

    it('ends a grant that came before the time that it names', async () => {
      const { number } = await t.granted('call-1', ['gold']);
      expect(await t.store.recovery.reassertRelease({ callSid: 'call-1', upToNumber: number + 1_000 })).toEqual({
        kind: 'released',
      });
      expect((await t.granted('call-1', ['gold'])).number).toBeGreaterThan(number + 1_000);
    });

    it('leaves a call that came back since it was asked for, and was not answered', async () => {
      const { number } = await t.granted('call-1', ['gold']);
      const unanswered = { callSid: 'call-1', upToNumber: number, isUnanswered: true };
      await t.allocate('call-1', ['gold']);
      expect(await t.store.recovery.reassertRelease(unanswered)).toEqual({ kind: 'kept' });
      expect(await t.stats('gold')).toMatchObject({ activeCalls: 1 });
      const { highestNumber } = await t.store.recovery.checkGeneration({
        ...{ member: null, known: null, phase: 'everything', liveMembers: [] },
      });
      const later = { ...unanswered, upToNumber: highestNumber + 1_000 };
      expect(await t.store.recovery.reassertRelease(later)).toEqual({ kind: 'released' });
    });

    it('bars no call that began anew since its end was asked for', async () => {
      const { number } = await t.granted('call-1', ['gold']);
      await t.store.calls.release('call-1');
      await t.granted('call-1', ['gold']);
      expect(await t.store.recovery.reassertEnd({ callSid: 'call-1', upToNumber: number, owners: ['api'] })).toEqual({
        kind: 'noted',
      });
      expect(await t.allocate('call-1', ['gold'])).toMatchObject({ kind: 'existing' });
    });

    it('names the time up to which no grant of an unknown call lives', async () => {
      const outcome = await t.store.calls.release('call-1');
      const { number } = await t.granted('call-1', ['gold']);
      expect(outcome).toMatchObject({ kind: 'unknown-call' });
      expect((outcome as { upToNumber: number }).upToNumber).toBeLessThan(number);
    });
  });
}
