import { type AllocateCommand, LateCommandError, StoreUnavailableError } from '@smart-router/routing-store';
import { LOOK_MS, MAX_WAIT_MS, RecoveryFixture } from '../../testing/recovery-fixture';
import type { JournalingCallStore } from './journaling-call-store';

describe('an answer that did not come', () => {
  let f: RecoveryFixture;
  beforeEach(async () => {
    f = new RecoveryFixture();
    await f.start('pod-1');
  });
  afterEach(() => f.recovery.stop());

  const unanswered = async (ask: () => Promise<unknown>): Promise<void> => {
    await expect(ask()).rejects.toBeInstanceOf(StoreUnavailableError);
  };

  it('to an allocation leaves nothing behind where its caller does not come back', async () => {
    f.data.lostAnswers.add('allocate');
    await unanswered(() => f.allocate('call-1'));
    await f.clock.advance(29_000);
    expect(await f.podOf('call-1')).toBe('pod-1');
    await f.clock.advance(3_000);
    expect(await f.podOf('call-1')).toBeUndefined();
    expect(f.outcomes).toEqual(['abandoned']);
  });

  it('to an allocation does no harm where its caller comes back', async () => {
    f.data.lostAnswers.add('allocate');
    await unanswered(() => f.allocate('call-1'));
    expect(await f.allocate('call-1')).toMatchObject({ kind: 'existing' });
    await f.clock.advance(40_000);
    expect(await f.podOf('call-1')).toBe('pod-1');
    expect(f.outcomes).toEqual([]);
  });

  it('to an allocation ends no later grant of the same call', async () => {
    f.data.lostAnswers.add('allocate');
    await unanswered(() => f.allocate('call-1'));
    await f.data.store.calls.release('call-1');
    await f.data.store.calls.allocate({
      callSid: 'call-1',
      merchantId: '',
      knownMerchantConfig: null,
      chain: ['gold'],
    });
    await f.clock.advance(40_000);
    expect(await f.podOf('call-1')).toBe('pod-1');
  });

  it.each([
    ['a release', () => f.calls.release('call-1')],
    ['a status callback', () => f.calls.endCall({ callSid: 'call-1', owners: ['api'] })],
  ])('to %s that never arrived ends the call all the same', async (_name, end) => {
    await f.allocate('call-1');
    await f.clock.advance(1);
    const away = new StoreUnavailableError(new Error('away'));
    f.data.failures.set('release', away).set('endCall', away);
    await unanswered(end);
    f.data.failures.clear();
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-1')).toBeUndefined();
    expect(f.outcomes).toEqual(['end released']);
  });

  it('to a release frees no grant that came later', async () => {
    await f.allocate('call-1');
    await f.clock.advance(1);
    f.data.lostAnswers.add('release');
    await unanswered(() => f.calls.release('call-1'));
    await f.clock.advance(1);
    await f.allocate('call-1');
    await f.clock.advance(2 * LOOK_MS);
    expect(f.outcomes).toEqual(['end noted']);
    expect(await f.podOf('call-1')).toBe('pod-1');
  });

  it('to a release is asked for until the store is there', async () => {
    await f.allocate('call-1');
    await f.clock.advance(1);
    const away = new StoreUnavailableError(new Error('away'));
    f.data.failures.set('release', away).set('reassertRelease', away).set('checkGeneration', away);
    await unanswered(() => f.calls.release('call-1'));
    await f.clock.advance(60_000);
    f.data.failures.clear();
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-1')).toBeUndefined();
  });

  it('as it was refused before it was sent leaves nothing to settle', async () => {
    f.data.failures.set('allocate', new StoreUnavailableError(new Error('not connected'), false));
    await unanswered(() => f.allocate('call-1'));
    f.data.failures.clear();
    await f.clock.advance(40_000);
    expect(f.outcomes).toEqual([]);
  });
});

describe('the owner of a call', () => {
  let f: RecoveryFixture;
  beforeEach(async () => {
    f = new RecoveryFixture();
    await f.start('pod-1');
  });
  afterEach(() => f.recovery.stop());

  const allocate = (provider?: string) =>
    f.calls.allocate({
      ...{ callSid: 'call-1', merchantId: '', knownMerchantConfig: null, chain: ['gold'] },
      ...(provider && { provider }),
    });
  const loseAll = async (): Promise<void> => {
    await f.lose('pod-1');
    await f.clock.advance(5 * LOOK_MS);
  };

  it('is the same after a loss, whoever has asked for the call since', async () => {
    await allocate('twilio');
    await allocate();
    await loseAll();
    expect(await f.data.store.reader.call('call-1')).toMatchObject({ provider: 'twilio' });
  });

  it('keeps the call when the end that another has reported is replayed', async () => {
    await f.calls.endCall({ callSid: 'call-1', owners: ['exotel'] });
    await f.clock.advance(1);
    await allocate('twilio');
    await loseAll();
    expect(await f.podOf('call-1')).toBe('pod-1');
    await f.calls.release('call-1');
    expect(await allocate('exotel')).toEqual({ kind: 'call-ended' });
  });

  it('keeps the call when the end that another asked for was not answered', async () => {
    await allocate('twilio');
    await f.clock.advance(1);
    f.data.failures.set('endCall', new StoreUnavailableError(new Error('away')));
    await expect(f.calls.endCall({ callSid: 'call-1', owners: ['exotel'] })).rejects.toBeInstanceOf(Error);
    f.data.failures.clear();
    await f.clock.advance(LOOK_MS);
    expect(f.outcomes).toEqual(['end noted']);
    await loseAll();
    expect(await f.podOf('call-1')).toBe('pod-1');
  });
});

describe('a command', () => {
  let f: RecoveryFixture;
  beforeEach(async () => {
    f = new RecoveryFixture();
    await f.start('pod-1');
  });
  afterEach(() => f.recovery.stop());

  it('says until when it may take effect, by the clock of the store', async () => {
    await f.allocate('call-1');
    const [{ limit }] = f.data.commands.at(-1)?.args as [AllocateCommand];
    const nowMs = 1_700_000_000_000 + f.clock.now();
    expect(limit?.notAfterMs).toBeGreaterThan(nowMs + 490);
    expect(limit?.notAfterMs).toBeLessThanOrEqual(nowMs + 500);
  });

  it.each<[string, (calls: JournalingCallStore) => Promise<unknown>]>([
    [
      'allocates',
      (calls) => calls.allocate({ callSid: '1', merchantId: '', knownMerchantConfig: null, chain: ['gold'] }),
    ],
    ['releases', (calls) => calls.release('1')],
    ['ends', (calls) => calls.endCall({ callSid: '1', owners: ['api'] })],
    ['renews', (calls) => calls.heartbeat('1')],
  ])('that %s a call is not sent while the clock of the store is not known', async (_name, ask) => {
    const starting = new RecoveryFixture('process-2');
    const failure = ask(starting.calls).catch((error: unknown) => error);
    await starting.clock.advance(MAX_WAIT_MS);
    expect(await failure).toMatchObject({ code: 'STORE_UNAVAILABLE', mayHaveTakenEffect: false });
    expect(starting.data.commands).toEqual([]);
  });

  it('is sent once more where it was late by a clock that was set, and then fails', async () => {
    f.data.failures.set('allocate', new LateCommandError(1_700_000_000_000));
    const late = f.allocate('call-1').catch((error: unknown) => error);
    await f.clock.advance(0);
    expect(await late).toBeInstanceOf(LateCommandError);
    f.data.failures.clear();
    expect(await f.allocate('call-1')).toMatchObject({ kind: 'allocated' });
  });
});
