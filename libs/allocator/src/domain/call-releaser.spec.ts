import { StoreUnavailableError } from '@smart-router/routing-store';
import type { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { RecordingObserver, storeWith } from '../testing/fleet-setup';
import { CallReleaser } from './call-releaser';

const ALLOCATE = { merchantId: '', chain: ['standard'], knownMerchantConfig: null };

async function setup(): Promise<{ store: MemoryRoutingStore; releaser: CallReleaser; observer: RecordingObserver }> {
  const store = await storeWith({ 'pod-0': 'standard' });
  await store.calls.allocate({ callSid: 'CA1', ...ALLOCATE });
  const observer = new RecordingObserver();
  return { store, observer, releaser: new CallReleaser(store.calls, observer) };
}

const RELEASED = { kind: 'released', podName: 'pod-0', releasedToPool: 'pool:standard', wasDraining: false };

describe('CallReleaser', () => {
  it('returns the pod and the pool that it went back to', async () => {
    const { releaser } = await setup();

    expect(await releaser.release('CA1')).toEqual(RELEASED);
  });

  it('returns that the pod drains', async () => {
    const { store, releaser } = await setup();
    await store.drains.drain('pod-0');

    expect(await releaser.release('CA1')).toEqual({ ...RELEASED, wasDraining: true });
  });

  it('returns unknown call when it was released before', async () => {
    const { releaser, observer } = await setup();
    await releaser.release('CA1');

    expect(await releaser.release('CA1')).toEqual({ kind: 'unknown-call' });
    expect(observer.releases).toEqual([
      { status: 'released', pool: 'pool:standard' },
      { status: 'unknown_call', pool: null },
    ]);
  });

  it('lets a released call be allocated anew, but not an ended one', async () => {
    const { store, releaser } = await setup();
    await releaser.release('CA1');
    expect((await store.calls.allocate({ callSid: 'CA1', ...ALLOCATE })).kind).toBe('allocated');

    expect(await releaser.endCall({ callSid: 'CA1', owners: ['api'] })).toEqual(RELEASED);
    expect((await store.calls.allocate({ callSid: 'CA1', ...ALLOCATE })).kind).toBe('call-ended');
  });

  it('leaves the call of another owner alone, and counts that', async () => {
    const { releaser, observer } = await setup();
    expect(await releaser.endCall({ callSid: 'CA1', owners: ['exotel'] })).toEqual({ kind: 'foreign-call' });
    expect(observer.releases).toEqual([{ status: 'foreign_call', pool: null }]);
    expect((await releaser.release('CA1')).kind).toBe('released');
  });

  it('counts a failure of the store, and throws it', async () => {
    const { store, observer } = await setup();
    const failure = new StoreUnavailableError(new Error('cut off'));
    const releaser = new CallReleaser(
      {
        release: () => Promise.reject(failure),
        endCall: () => Promise.reject(failure),
        heartbeat: (callSid) => store.calls.heartbeat(callSid),
      },
      observer,
    );

    await expect(releaser.release('CA1')).rejects.toBe(failure);
    expect(observer.releases).toEqual([{ status: 'error', pool: null }]);
  });

  it('renews the lease of a live call only', async () => {
    const { releaser } = await setup();

    expect(await releaser.heartbeat('CA1')).toMatchObject({ kind: 'renewed', podName: 'pod-0' });
    expect(await releaser.heartbeat('CA2')).toEqual({ kind: 'unknown-call' });
  });
});
