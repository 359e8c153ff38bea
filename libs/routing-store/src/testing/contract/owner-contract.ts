import { API_OWNER, type CallOwner } from '../../domain/call-owners';
import type { CreateHarness } from '../store-harness';
import { StoreUnderTest, TEST_TIMINGS } from '../store-harness';

const UNTRUSTED: readonly CallOwner[] = ['exotel'];
const TRUSTED: readonly CallOwner[] = ['twilio', API_OWNER];

export function ownerContract(create: CreateHarness): void {
  describe('the owner of a call', () => {
    let t: StoreUnderTest;
    beforeEach(async () => {
      t = await StoreUnderTest.open(create);
      await t.register('pod-g', 'gold');
    });
    afterEach(() => t.close());

    const allocate = (callSid: string, provider?: string, owners?: readonly CallOwner[]) =>
      t.allocate(callSid, ['gold'], { ...(provider !== undefined && { provider }), ...(owners && { owners }) });
    const end = (callSid: string, owners: readonly CallOwner[]) => t.store.calls.endCall({ callSid, owners });
    const reassertEnd = (callSid: string, owners: readonly CallOwner[], upToNumber = Number.MAX_SAFE_INTEGER / 2) =>
      t.store.recovery.reassertEnd({ callSid, owners, upToNumber });

    it.each<[string, string | undefined, readonly CallOwner[]]>([
      ['a provider that brought it', 'exotel', UNTRUSTED],
      ['a provider that the API named in other letters', 'Exotel', UNTRUSTED],
      ['nobody, where the request acts for the API', undefined, TRUSTED],
      ['nobody by an empty name', '', TRUSTED],
    ])('is %s, who sees and ends it', async (_name, provider, owners) => {
      await allocate('call-1', provider);
      expect(await allocate('call-1', owners[0], owners)).toMatchObject({ kind: 'existing' });
      expect(await end('call-1', owners)).toMatchObject({ kind: 'released', podName: 'pod-g' });
    });

    it.each<[string, string | undefined, readonly CallOwner[]]>([
      ['another provider', 'twilio', UNTRUSTED],
      ['another provider that acts for the API, too', 'exotel', TRUSTED],
      ['the API', undefined, UNTRUSTED],
      ['somebody whose name holds that of another', 'twilio api', TRUSTED],
    ])('keeps it from others when it is %s', async (_name, provider, owners) => {
      await allocate('call-1', provider);
      expect(await allocate('call-1', owners[0], owners)).toEqual({ kind: 'foreign-call' });
      expect(await end('call-1', owners)).toEqual({ kind: 'foreign-call' });
      expect(await t.store.reader.call('call-1')).toMatchObject({ podName: 'pod-g' });
      // Nor is a request for it barred later.
      await t.store.calls.release('call-1');
      expect(await allocate('call-1', owners[0], owners)).toMatchObject({ kind: 'allocated' });
    });

    it('is shown to the API when it asks for the call, whoever that is', async () => {
      await allocate('call-1', 'twilio');
      expect(await allocate('call-1', 'exotel')).toMatchObject({ kind: 'existing', provider: 'twilio' });
      expect(await allocate('call-1')).toMatchObject({ kind: 'existing', provider: 'twilio' });
      await t.store.calls.release('call-1');
      await allocate('call-2');
      expect(await allocate('call-2', 'exotel')).toMatchObject({ kind: 'existing', provider: null });
    });

    it('may release the call of any other when it is the API', async () => {
      await allocate('call-1', 'twilio');
      expect(await t.store.calls.release('call-1')).toMatchObject({ kind: 'released' });
    });

    it('alone is barred by the report of an end', async () => {
      await end('call-1', UNTRUSTED);
      expect(await allocate('call-1', 'Exotel')).toEqual({ kind: 'call-ended' });
      expect(await allocate('call-1', 'twilio')).toMatchObject({ kind: 'allocated' });
      await t.store.calls.release('call-1');
      expect(await allocate('call-1')).toMatchObject({ kind: 'allocated' });
    });

    it('is barred with each other owner that the report speaks for', async () => {
      await end('call-1', TRUSTED);
      expect(await allocate('call-1')).toEqual({ kind: 'call-ended' });
      expect(await allocate('call-1', 'twilio')).toEqual({ kind: 'call-ended' });
      expect(await allocate('call-1', 'exotel')).toMatchObject({ kind: 'allocated' });
    });

    it('stays barred when another owner reports an end of the same name', async () => {
      await end('call-1', UNTRUSTED);
      await end('call-1', TRUSTED);
      for (const provider of ['exotel', 'twilio', undefined]) {
        expect(await allocate('call-1', provider)).toEqual({ kind: 'call-ended' });
      }
      expect(await allocate('call-1', 'plivo')).toMatchObject({ kind: 'allocated' });
    });

    it('sees its live call when it was barred under another name', async () => {
      await end('call-1', TRUSTED);
      await allocate('call-1', 'exotel');
      expect(await allocate('call-1')).toMatchObject({ kind: 'existing', provider: 'exotel' });
    });

    it('gets a lost grant back when another has reported an end of the same name', async () => {
      await end('call-1', UNTRUSTED);
      const grant = { podName: 'pod-g', pool: 'gold', allocatedAt: 1_700_000_000, number: 1_000 };
      const lost = { callSid: 'call-1', grant, merchantId: '' };
      expect(await t.store.recovery.reassertCall({ ...lost, provider: 'exotel' })).toEqual({ kind: 'ended' });
      expect(await t.store.recovery.reassertCall({ ...lost, provider: 'twilio' })).toMatchObject({ kind: 'restored' });
    });

    it('keeps its call when the end of another is repeated, which is barred all the same', async () => {
      await allocate('call-1', 'twilio');
      expect(await reassertEnd('call-1', UNTRUSTED)).toEqual({ kind: 'noted' });
      expect(await t.store.reader.call('call-1')).toMatchObject({ podName: 'pod-g' });
      await t.store.calls.release('call-1');
      expect(await allocate('call-1', 'exotel')).toEqual({ kind: 'call-ended' });
    });

    it('loses the call by its own repeated end, unless a later grant lives', async () => {
      await allocate('call-1', 'exotel');
      expect(await reassertEnd('call-1', UNTRUSTED, 1)).toEqual({ kind: 'noted' });
      expect(await reassertEnd('call-1', UNTRUSTED)).toEqual({ kind: 'released' });
      expect(await allocate('call-1', 'exotel')).toEqual({ kind: 'call-ended' });
    });

    it('is barred no longer when another reports an end of the same name', async () => {
      await end('call-1', UNTRUSTED);
      await t.advance(TEST_TIMINGS.endedCallMs - 20_000);
      await end('call-1', TRUSTED);
      await t.advance(40_000);
      expect(await allocate('call-1', 'twilio')).toEqual({ kind: 'call-ended' });
      expect(await allocate('call-1', 'exotel')).toMatchObject({ kind: 'allocated' });
    });

    it('is barred for the whole time after the end of its call', async () => {
      await end('call-1', UNTRUSTED);
      await t.advance(TEST_TIMINGS.endedCallMs + 5_000);
      await allocate('call-1', 'exotel');
      await end('call-1', UNTRUSTED);
      await t.advance(TEST_TIMINGS.endedCallMs - 20_000);
      expect(await allocate('call-1', 'exotel')).toEqual({ kind: 'call-ended' });
    });
  });
}
