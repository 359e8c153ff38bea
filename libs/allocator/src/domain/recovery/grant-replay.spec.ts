import { StoreDamagedError, StoreHeldError, StoreUnavailableError } from '@smart-router/routing-store';
import { HOLD_MS, LOOK_MS, MAX_WAIT_MS, RecoveryFixture } from '../../testing/recovery-fixture';

const CUT = new StoreUnavailableError(new Error('cut'));

describe('what a process replays after a loss', () => {
  let f: RecoveryFixture;
  beforeEach(async () => {
    f = new RecoveryFixture();
    await f.start('pod-1', 'pod-2');
  });
  afterEach(() => f.recovery.stop());

  it('is each grant, on its pod', async () => {
    const pod = await f.grantedPod('call-1');
    await f.lose('pod-1', 'pod-2');
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-1')).toBe(pod);
    expect(f.outcomes).toEqual(['generation', 'restored']);
  });

  it('is what was lost while it was stopped, too, once it is started again', async () => {
    const pod = await f.grantedPod('call-1');
    await f.recovery.stop();
    await f.lose('pod-1', 'pod-2');
    f.recovery.start();
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-1')).toBe(pod);
  });

  it('is nothing while the generation stays', async () => {
    await f.allocate('call-1');
    await f.clock.advance(10 * LOOK_MS);
    expect(f.outcomes).toEqual([]);
  });

  it('comes at once when the connection is back, and new grants wait for it', async () => {
    await f.allocate('call-1');
    await f.allocate('call-2');
    await f.lose('pod-1', 'pod-2', 'pod-3');
    f.data.reconnect();
    await f.clock.advance(HOLD_MS - MAX_WAIT_MS / 2);
    expect(f.outcomes).toEqual(['generation', 'restored', 'restored']);
    const later = f.allocate('call-3');
    await f.clock.advance(MAX_WAIT_MS);
    expect(await later).toMatchObject({ kind: 'allocated', grant: { podName: 'pod-3' } });
  });

  it('holds a release back until its grant is replayed', async () => {
    await f.allocate('call-1');
    await f.lose('pod-1', 'pod-2');
    f.data.reconnect();
    await f.clock.advance(HOLD_MS - MAX_WAIT_MS / 2);
    const release = f.calls.release('call-1');
    await f.clock.advance(MAX_WAIT_MS);
    expect(await release).toMatchObject({ kind: 'released' });
  });

  it('holds calls no longer than a caller can wait', async () => {
    await f.lose('pod-1', 'pod-2');
    f.data.reconnect();
    await f.clock.advance(0);
    const early = f.allocate('call-1').catch((error: unknown) => error);
    await f.clock.advance(MAX_WAIT_MS + 1);
    expect(await early).toBeInstanceOf(StoreHeldError);
  });

  it('notices by an answer of the store that calls are held', async () => {
    await f.grantedPod('call-1');
    await f.lose('pod-1', 'pod-2');
    const later = f.allocate('call-2').catch((error: unknown) => error);
    await f.clock.advance(MAX_WAIT_MS + 1);
    expect(await later).toBeInstanceOf(StoreHeldError);
    expect(f.outcomes).toEqual(['generation', 'restored']);
  });

  it('waits for pods that are registered anew, and is given up after a while', async () => {
    await f.allocate('call-1');
    await f.allocate('call-2');
    f.data.forget();
    await f.clock.advance(LOOK_MS);
    await f.data.addPods('pod-1');
    await f.clock.advance(500);
    expect(f.outcomes).toEqual(['generation', 'restored']);
    await f.clock.advance(20_000);
    expect(f.outcomes).toEqual(['generation', 'restored', 'unknown-pod']);
    expect(f.logger.messages('warn')).toContain('a lost grant names an unknown pod');
  });

  it('is each grant once, where another loss comes before its replay is over', async () => {
    await f.allocate('call-1');
    f.data.forget();
    await f.clock.advance(LOOK_MS);
    f.data.forget();
    await f.clock.advance(LOOK_MS);
    await f.data.addPods('pod-1', 'pod-2');
    await f.clock.advance(LOOK_MS);
    expect(f.outcomes).toEqual(['generation', 'generation', 'restored']);
  });

  it('is each end, before the grants', async () => {
    const outcome = await f.allocate('call-1');
    const grant = 'grant' in outcome ? outcome.grant : null;
    await f.calls.release('call-1');
    await f.lose('pod-1', 'pod-2');
    if (grant) await f.data.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' });
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-1')).toBeUndefined();
    expect(f.outcomes).toEqual(['generation', 'end released']);
  });

  it('is the end of a call that was unknown when it was released', async () => {
    const outcome = await f.allocate('call-1');
    const grant = 'grant' in outcome ? outcome.grant : null;
    const other = new RecoveryFixture('process-2');
    await f.data.store.calls.release('call-1');
    await f.clock.advance(1);
    expect(await f.calls.release('call-1')).toMatchObject({ kind: 'unknown-call' });
    await f.lose('pod-1', 'pod-2');
    if (grant) await f.data.store.recovery.reassertCall({ callSid: 'call-1', grant, merchantId: '' });
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-1')).toBeUndefined();
    await other.recovery.stop();
  });

  it('keeps a call that a status callback ended from beginning late', async () => {
    await f.calls.endCall({ callSid: 'call-1', owners: ['api'] });
    await f.lose('pod-1');
    await f.clock.advance(HOLD_MS + LOOK_MS);
    expect(await f.allocate('call-1')).toEqual({ kind: 'call-ended' });
  });

  it('takes the later of two grants of one pod for the one that lives', async () => {
    await f.lose('pod-1');
    await f.clock.advance(HOLD_MS + LOOK_MS);
    await f.allocate('call-1');
    // As an operator does, or a pod that restarts: no process knows of it.
    await f.data.store.calls.release('call-1');
    await f.clock.advance(1);
    await f.allocate('call-2');
    await f.clock.advance(1);
    f.outcomes = [];
    await f.lose('pod-1');
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-2')).toBe('pod-1');
    expect(f.outcomes).toEqual(['generation', 'restored', 'ended']);
    expect(f.logger.messages('error')).toEqual([]);
  });

  it('is tried again while calls are held where the pod is full, and counts as a double grant after that', async () => {
    const podName = await f.grantedPod('call-1');
    await f.lose(podName);
    await f.clock.advance(1);
    // Who does not replay has given the pod away, as if after the hold.
    await f.recovery.stop();
    await f.clock.advance(40_000);
    await f.data.store.recovery.checkGeneration({ member: null, known: null, phase: 'everything', liveMembers: [] });
    await f.data.store.calls.allocate({ callSid: 'other', merchantId: '', knownMerchantConfig: null, chain: ['gold'] });
    f.recovery.start();
    await f.clock.advance(LOOK_MS);
    expect(f.outcomes).toEqual(['generation', 'conflict']);
    expect(f.logger.messages('error')).toEqual(['double grant after data loss']);
    expect(await f.podOf('other')).toBe(podName);
  });

  it('continues where it was interrupted', async () => {
    await f.allocate('call-1');
    await f.lose('pod-1', 'pod-2');
    f.data.failures.set('reassertCall', CUT);
    await f.clock.advance(LOOK_MS);
    f.data.failures.clear();
    await f.clock.advance(500);
    expect(f.outcomes).toEqual(['generation', 'restored']);
  });

  it('survives a second loss', async () => {
    const pod = await f.grantedPod('call-1');
    await f.lose('pod-1', 'pod-2');
    await f.clock.advance(29_000);
    await f.lose('pod-1', 'pod-2');
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-1')).toBe(pod);
  });

  it('is kept for another loss from the moment on in which it was replayed', async () => {
    const pod = await f.grantedPod('call-1');
    await f.clock.advance(20_000);
    await f.lose('pod-1', 'pod-2');
    await f.clock.advance(25_000);
    await f.lose('pod-1', 'pod-2');
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-1')).toBe(pod);
  });

  it('is everything else, where the store cannot handle one grant or end', async () => {
    const damaged = new StoreDamagedError('call:x should be a hash');
    await f.allocate('call-1');
    await f.allocate('call-2');
    await f.calls.release('call-1');
    await f.allocate('call-3');
    f.data.failuresByCall.set('call-1', damaged).set('call-3', damaged);
    await f.lose('pod-1', 'pod-2');
    await f.clock.advance(LOOK_MS);
    expect(await f.podOf('call-2')).toBeDefined();
    expect(f.outcomes).toEqual(['generation', 'restored']);
    await f.clock.advance(20_000);
    expect(f.outcomes).toEqual(['generation', 'restored', 'end failed', 'failed']);
    expect(f.logger.messages('error')).toEqual([
      'the end of a call could not be replayed',
      'a grant could not be replayed',
    ]);
  });

  it('is restored once the store can handle it again', async () => {
    await f.allocate('call-1');
    f.data.failuresByCall.set('call-1', new StoreDamagedError('calls:expiry should be a zset'));
    await f.lose('pod-1', 'pod-2');
    await f.clock.advance(LOOK_MS);
    f.data.failuresByCall.clear();
    await f.clock.advance(500);
    expect(f.outcomes).toEqual(['generation', 'restored']);
    expect(f.logger.messages('error')).toEqual([]);
  });
});
