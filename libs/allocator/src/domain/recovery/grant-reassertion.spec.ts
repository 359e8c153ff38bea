import { RecordingLogger } from '@smart-router/logging/testing';
import { StoreDamagedError } from '@smart-router/routing-store';
import { ManualClock } from '@smart-router/scheduling/testing';
import { ForgetfulStore } from '../../testing/forgetful-store';
import { GrantMemory } from './grant-memory';
import { GrantReassertion } from './grant-reassertion';
import { RememberingLedger } from './remembering-ledger';

const LOOK_MS = 1_000;

describe('GrantReassertion', () => {
  let clock: ManualClock;
  let data: ForgetfulStore;
  let logger: RecordingLogger;
  let ledger: RememberingLedger;
  let reassertion: GrantReassertion;
  let outcomes: string[];

  beforeEach(async () => {
    clock = new ManualClock();
    data = new ForgetfulStore();
    logger = new RecordingLogger();
    outcomes = [];
    await data.addPods('pod-1', 'pod-2');
    const memory = new GrantMemory({ windowMs: 30_000, maxEntries: 100 });
    const { store } = data;
    const observer = {
      eraChanged: () => outcomes.push('era'),
      grantReasserted: (outcome: string) => outcomes.push(outcome),
      endReasserted: (outcome: string) => outcomes.push(outcome),
    };
    reassertion = new GrantReassertion({ store, memory, observer, logger, clock, random: () => 0.5 });
    ledger = new RememberingLedger({
      calls: store,
      memory,
      monotonicMs: () => clock.now(),
      settled: () => reassertion.settled(),
    });
    reassertion.start();
    await clock.advance(1);
  });
  afterEach(() => reassertion.stop());

  const allocate = (callSid: string) =>
    ledger.allocate({ callSid, merchantId: '', knownMerchantConfig: null, chain: ['gold'] });
  const grantedPod = async (callSid: string): Promise<string> => {
    const outcome = await allocate(callSid);
    return 'grant' in outcome ? outcome.grant.podName : '';
  };
  const podOf = async (callSid: string) => (await data.store.call(callSid))?.podName;

  it('restores what was lost while it was stopped, once it is started again', async () => {
    const pod = await grantedPod('call-1');
    await reassertion.stop();
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    reassertion.start();
    await clock.advance(LOOK_MS);
    expect(await podOf('call-1')).toBe(pod);
  });

  it('lets new grants wait for what was lost while it was stopped', async () => {
    const pod = await grantedPod('call-1');
    await reassertion.stop();
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    reassertion.start();
    const other = grantedPod('call-2');
    await clock.advance(LOOK_MS);
    expect([await podOf('call-1'), await other].toSorted()).toEqual(['pod-1', 'pod-2']);
    expect(await podOf('call-1')).toBe(pod);
  });

  it('restores a grant that the store has lost, on its pod', async () => {
    const outcome = await allocate('call-1');
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    await clock.advance(LOOK_MS);
    expect(await podOf('call-1')).toBe('grant' in outcome && outcome.grant.podName);
    expect(outcomes).toEqual(['era', 'restored']);
  });

  it('tells nothing while the era stays', async () => {
    await allocate('call-1');
    await clock.advance(10 * LOOK_MS);
    expect(outcomes).toEqual([]);
  });

  it('looks at once when the connection is back, and lets new grants wait for that', async () => {
    await allocate('call-1');
    await allocate('call-2');
    data.forget();
    await data.addPods('pod-1', 'pod-2', 'pod-3');
    data.reconnect();
    const later = allocate('call-3');
    await clock.advance(0);
    expect(await later).toMatchObject({ kind: 'allocated', grant: { podName: 'pod-3' } });
    expect(outcomes).toEqual(['era', 'restored', 'restored']);
  });

  it('lets a release wait for its grant to be told', async () => {
    await allocate('call-1');
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    data.reconnect();
    const release = ledger.release('call-1');
    await clock.advance(0);
    expect(await release).toMatchObject({ kind: 'released' });
  });

  it('lets new grants wait no longer than half a second where the store does not answer', async () => {
    data.failure = new Error('away');
    data.reconnect();
    const later = allocate('call-1');
    await clock.advance(501);
    expect(await later).toMatchObject({ kind: 'allocated' });
    data.failure = null;
  });

  it('waits for pods that are registered anew, and gives up after a while', async () => {
    await allocate('call-1');
    await allocate('call-2');
    data.forget();
    await clock.advance(LOOK_MS);
    await data.addPods('pod-1');
    await clock.advance(500);
    expect(outcomes).toEqual(['era', 'restored']);
    await clock.advance(20_000);
    expect(outcomes).toEqual(['era', 'restored', 'unknown-pod']);
    expect(logger.messages('warn')).toContain('a lost grant names an unknown pod');
  });

  it('ends a call again whose release was lost', async () => {
    const outcome = await allocate('call-1');
    const grant = 'grant' in outcome ? outcome.grant : null;
    await ledger.release('call-1');
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    if (grant) await data.store.reassertCall({ callSid: 'call-1', grant, merchantId: '' });
    await clock.advance(LOOK_MS);
    expect(await podOf('call-1')).toBeUndefined();
    expect(outcomes).toEqual(['era', 'released']);
  });

  it('ends a call again whose release took effect without an answer, and was asked for once more', async () => {
    const outcome = await allocate('call-1');
    const grant = 'grant' in outcome ? outcome.grant : null;
    await data.store.release('call-1');
    expect(await ledger.release('call-1')).toEqual({ kind: 'unknown-call' });
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    if (grant) await data.store.reassertCall({ callSid: 'call-1', grant, merchantId: '' });
    await clock.advance(LOOK_MS);
    expect(await podOf('call-1')).toBeUndefined();
    expect(outcomes).toEqual(['era', 'released']);
  });

  it('keeps a call that a status callback ended from beginning late', async () => {
    await ledger.endCall('call-1');
    data.forget();
    await data.addPods('pod-1');
    await clock.advance(LOOK_MS);
    expect(await allocate('call-1')).toEqual({ kind: 'call-ended' });
  });

  it('counts a double grant, and leaves the pod to whom the store gave it', async () => {
    const podName = await grantedPod('call-1');
    data.forget();
    await data.addPods(podName);
    await data.store.allocate({ callSid: 'other', merchantId: '', knownMerchantConfig: null, chain: ['gold'] });
    await clock.advance(LOOK_MS);
    expect(outcomes).toEqual(['era', 'conflict']);
    expect(logger.messages('error')).toEqual(['double grant after data loss']);
    expect(await podOf('other')).toBe(podName);
  });

  it('counts a double grant of its own, given before it noticed the loss', async () => {
    const podName = await grantedPod('call-1');
    data.forget();
    await data.addPods(podName);
    expect(await grantedPod('call-2')).toBe(podName);
    await clock.advance(LOOK_MS);
    expect(outcomes).toEqual(['era', 'kept', 'conflict']);
    expect(logger.messages('error')).toEqual(['double grant after data loss']);
  });

  it('counts a double grant of its own, given between two losses', async () => {
    await allocate('call-0');
    const podName = await grantedPod('call-1');
    data.forget();
    await data.addPods(podName);
    expect(await grantedPod('call-2')).toBe(podName);
    data.forget();
    await data.addPods(podName);
    await clock.advance(LOOK_MS);
    expect(outcomes).toEqual(['era', 'restored', 'conflict']);
    expect(await podOf('call-2')).toBe(podName);
  });

  it('takes the later of two grants of one pod for the one that lives', async () => {
    data.forget();
    await data.addPods('pod-1');
    await clock.advance(LOOK_MS);
    await allocate('call-1');
    // As an operator does, or a pod that restarts: nobody tells this replica.
    await data.store.release('call-1');
    await allocate('call-2');
    outcomes = [];
    data.forget();
    await data.addPods('pod-1');
    await clock.advance(LOOK_MS);
    expect(await podOf('call-2')).toBe('pod-1');
    expect(outcomes).toEqual(['era', 'restored', 'ended']);
    expect(logger.messages('error')).toEqual([]);
  });

  it('goes on where it was interrupted', async () => {
    await allocate('call-1');
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    data.failuresOfReassertCall = 1;
    await clock.advance(LOOK_MS + 500);
    expect(outcomes).toEqual(['era', 'restored']);
  });

  it('tells everything else, and then gives up, where the store cannot handle one grant or end', async () => {
    const damaged = new StoreDamagedError('call:x should be a hash');
    await allocate('call-1');
    await allocate('call-2');
    await ledger.release('call-1');
    await allocate('call-3');
    data.failuresByCall.set('call-1', damaged).set('call-3', damaged);
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    await clock.advance(LOOK_MS);
    expect(await podOf('call-2')).toBeDefined();
    expect(outcomes).toEqual(['era', 'restored']);
    await clock.advance(20_000);
    expect(outcomes).toEqual(['era', 'restored', 'failed', 'failed']);
    expect(logger.messages('error')).toEqual([
      'the end of a call could not be told again',
      'a grant could not be told again',
    ]);
  });

  it('restores a grant once the store can handle it again', async () => {
    await allocate('call-1');
    data.failuresByCall.set('call-1', new StoreDamagedError('calls:expiry should be a zset'));
    data.forget();
    await data.addPods('pod-1', 'pod-2');
    await clock.advance(LOOK_MS);
    data.failuresByCall.clear();
    await clock.advance(500);
    expect(outcomes).toEqual(['era', 'restored']);
    expect(logger.messages('error')).toEqual([]);
  });
});
