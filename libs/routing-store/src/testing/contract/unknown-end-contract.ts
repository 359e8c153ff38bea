import type { CallOwner } from '../../domain/call-owners';
import type { CreateHarness } from '../store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../store-harness';

export function unknownEndContract(create: CreateHarness): void {
  describe('the end of a call that was never met', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.register('pod-g', 'gold');
    });
    afterEach(() => t.close());

    const REMEMBERED = { kind: 'unknown-call' };
    const TOO_MANY = { kind: 'too-many-unknown' };
    const end = (callSid: string, maxUnknown?: number, owners: readonly CallOwner[] = ['exotel', 'api']) =>
      t.store.calls.endCall({ callSid, owners, ...(maxUnknown !== undefined && { maxUnknown }) });
    const allocate = (callSid: string) => t.allocate(callSid, ['gold'], { provider: 'exotel' });

    it('is remembered up to a number, and no further one', async () => {
      expect([await end('call-1', 2), await end('call-2', 2), await end('call-3', 2)]).toEqual([
        REMEMBERED,
        REMEMBERED,
        TOO_MANY,
      ]);
      expect([await allocate('call-1'), await allocate('call-2')]).toEqual([
        { kind: 'call-ended' },
        { kind: 'call-ended' },
      ]);
      expect(await allocate('call-3')).toMatchObject({ kind: 'allocated' });
    });

    it('is remembered in any number where there is no limit, and none of them counts', async () => {
      for (const callSid of ['call-1', 'call-2', 'call-3']) expect(await end(callSid)).toEqual(REMEMBERED);
      expect(await end('call-4', 1)).toEqual(REMEMBERED);
    });

    it('is not remembered at all where none may be', async () => {
      expect(await end('call-1', 0)).toEqual(TOO_MANY);
      expect(await allocate('call-1')).toMatchObject({ kind: 'allocated' });
    });

    it('counts for who reported it, not for others', async () => {
      await end('call-1', 1);
      expect(await end('call-2', 1, ['twilio', 'api'])).toEqual(REMEMBERED);
      expect(await end('call-3', 1, ['exotel'])).toEqual(TOO_MANY);
    });

    it('counts once when it is reported again, and is remembered no longer for that', async () => {
      await end('call-1', 2);
      await t.advance(TEST_TIMINGS.endedCallMs - 20_000);
      expect(await end('call-1', 2)).toEqual(REMEMBERED);
      expect(await end('call-2', 2)).toEqual(REMEMBERED);
      expect(await allocate('call-1')).toEqual({ kind: 'call-ended' });
      await t.advance(40_000);
      expect(await allocate('call-1')).toMatchObject({ kind: 'allocated' });
    });

    it('is remembered for one more owner when another has reported it', async () => {
      await end('call-1', 5, ['twilio']);
      await end('call-1', 5);
      expect(await allocate('call-1')).toEqual({ kind: 'call-ended' });
    });

    it('is remembered again when the time of those before is over', async () => {
      await end('call-1', 1);
      await t.advance(TEST_TIMINGS.endedCallMs - 20_000);
      expect(await end('call-2', 1)).toEqual(TOO_MANY);
      await t.advance(40_000);
      expect(await end('call-2', 1)).toEqual(REMEMBERED);
      expect(await end('call-3', 1)).toEqual(TOO_MANY);
    });

    it('hinders no end of a call that lives, or has ended a moment ago', async () => {
      await end('call-0', 1);
      await allocate('call-1');
      expect(await end('call-1', 1)).toMatchObject({ kind: 'released' });
      expect(await allocate('call-1')).toEqual({ kind: 'call-ended' });
      await allocate('call-2');
      await t.store.calls.release('call-2');
      expect(await end('call-2', 1)).toEqual(REMEMBERED);
      expect(await allocate('call-2')).toEqual({ kind: 'call-ended' });
      // Nor did they count.
      expect(await end('call-3', 2)).toEqual(REMEMBERED);
    });

    it('is remembered beyond the limit when it is repeated after a loss: it was acknowledged', async () => {
      await end('call-0', 1);
      await t.store.recovery.reassertEnd({ callSid: 'call-1', upToNumber: 1, owners: ['exotel'] });
      expect(await allocate('call-1')).toEqual({ kind: 'call-ended' });
    });
  });
}
