import { StoreUnavailableError } from '@smart-router/routing-store';
import type { TierConfig } from '@smart-router/tier-config';
import { settled } from '@smart-router/scheduling/testing';
import { podNames } from '../testing/fake-pod-source';
import {
  CLEANUP_MS,
  FIRST_RESYNC_TIMEOUT_MS,
  GAP_MS,
  LEASE_MS,
  LeaderControllerFixture,
  RECONCILE_MS,
} from '../testing/leader-controller-fixture';

describe('LeaderController', () => {
  it('has registered the pods when the start is over', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
    expect(fixture.work.isLeader()).toBe(true);
  });

  it('starts without pods when the first resync fails, and registers them later', async () => {
    const fixture = new LeaderControllerFixture();
    fixture.source.available = false;
    await fixture.work.start();
    expect(await fixture.assigned()).toEqual({ gold: 0, overflow: 0 });
    fixture.source.available = true;
    await fixture.clock.advance(10_000);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
  });

  it('starts without leading when the store does not answer in time', async () => {
    const fixture = new LeaderControllerFixture(() => ({
      claimEpoch: () => Promise.reject(new StoreUnavailableError('away')),
    }));
    let started = false;
    const start = fixture.work.start().then(() => (started = true));
    await fixture.clock.advance(FIRST_RESYNC_TIMEOUT_MS - 1);
    expect(started).toBe(false);
    await fixture.clock.advance(1);
    await start;
    expect(fixture.work.isLeader()).toBe(false);
  });

  it('sees a change without a hint after the interval', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    fixture.source.set(...podNames(3));
    await fixture.clock.advance(RECONCILE_MS - 1);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
    await fixture.clock.advance(1);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 1 });
  });

  it('reconciles within seconds when the store lost its data', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    for (const podName of podNames(2)) await fixture.store.pods.removePod(1, podName);
    await fixture.store.leadership.resignLeader(1);
    await fixture.clock.advance(5_000);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
  });

  it('leaves the pools alone until a tier config was read from the store, then fills them at once', async () => {
    const fixture = new LeaderControllerFixture();
    const config = fixture.tierConfig.config as TierConfig;
    fixture.tierConfig.config = null;
    await fixture.work.start();
    await fixture.clock.advance(2 * RECONCILE_MS);
    expect(await fixture.assigned()).toEqual({});
    fixture.tierConfig.change(config);
    await fixture.clock.advance(GAP_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
  });

  it('keeps a gap between runs when hints come without a break', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    for (let ms = 0; ms < 2 * GAP_MS; ms += 10) {
      fixture.source.hint();
      await fixture.clock.advance(10);
    }
    expect(fixture.runs()).toBe(3);
  });

  it('runs once more when several triggers come during a run', async () => {
    let endRun = (): void => undefined;
    let held = 0;
    const fixture = new LeaderControllerFixture((store) => ({
      sweepPool: async (...args) => {
        if (held++ === 0) await new Promise<void>((resolve) => (endRun = resolve));
        return store.pods.sweepPool(...args);
      },
    }));
    const start = fixture.work.start();
    await settled();
    fixture.source.hint();
    fixture.repeatConfig();
    await fixture.store.hints.publish('reconcile-requested');
    await fixture.clock.advance(1_000);
    expect(fixture.runs()).toBe(0);
    endRun();
    await start;
    await fixture.clock.advance(RECONCILE_MS - 1);
    expect(fixture.runs()).toBe(2);
  });

  it('ends calls whose lease ran out within a cleanup interval, even though reconciling fails', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    const chain = ['gold'];
    await fixture.store.calls.allocate({ callSid: 'call-1', merchantId: '', chain, knownMerchantConfig: null });
    fixture.source.available = false;
    await fixture.clock.advance(LEASE_MS + CLEANUP_MS);
    expect(fixture.observer.events).toContain('ended lease-expired 1');
    expect(fixture.observer.events).toContain('reconciled failed 0');
  });

  it('reconciles on when the sweeper fails', async () => {
    const fixture = new LeaderControllerFixture(() => ({ expireLeases: () => Promise.reject(new Error('broken')) }));
    await fixture.work.start();
    fixture.source.set(...podNames(3));
    await fixture.clock.advance(RECONCILE_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 1 });
    expect(fixture.logger.messages('error')[0]).toBe('leader work failed, it will be repeated');
  });

  it('reconciles on when observing the source fails', async () => {
    const fixture = new LeaderControllerFixture();
    fixture.source.observe = () => Promise.reject(new Error('broken'));
    await fixture.work.start();
    fixture.source.set(...podNames(3));
    await fixture.clock.advance(RECONCILE_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 1 });
  });

  it('stops all work at once when a write is refused for its epoch, and changes nothing more', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    await fixture.store.leadership.announceLeader(2, 'there', RECONCILE_MS);
    fixture.source.set(...podNames(9));
    fixture.source.hint();
    await fixture.clock.advance(GAP_MS);
    expect(fixture.work.isLeader()).toBe(false);
    // The next look whether the other one is gone.
    expect(fixture.clock.sleeping).toBe(1);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
    expect(fixture.observer.events.at(-1)).toBe('leading null');
  });

  it('reports the end of its term once', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    await fixture.work.stop();
    expect(fixture.observer.events.filter((event) => event.startsWith('leading'))).toEqual([
      'leading 1',
      'leading null',
    ]);
  });

  it('takes the announcement back and leaves no timer when it is stopped', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    await fixture.work.stop();
    expect((await fixture.store.reader.fleetStats()).leader).toBeNull();
    expect(fixture.work.isLeader()).toBe(false);
    expect(fixture.clock.sleeping).toBe(0);
    expect(fixture.tierConfig.listeners.size).toBe(0);
  });

  it('reacts to no trigger when it was stopped', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    await fixture.work.stop();
    const before = fixture.runs();
    fixture.source.hint();
    fixture.repeatConfig();
    await fixture.store.hints.publish('reconcile-requested');
    await fixture.clock.advance(RECONCILE_MS);
    expect(fixture.runs()).toBe(before);
  });

  it('waits for the operation under way and starts no other when it is stopped during a resync', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const registered: string[] = [];
    const fixture = new LeaderControllerFixture((store) => ({
      configurePool: async (epoch, pool, policy) => {
        await answered;
        return store.pods.configurePool(epoch, pool, policy);
      },
      registerPod: async (epoch, command) => {
        registered.push(command.podName);
        return store.pods.registerPod(epoch, command);
      },
    }));
    const start = fixture.work.start();
    await settled();
    let stopped = false;
    const stop = fixture.work.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    expect(fixture.work.isLeader()).toBe(false);
    answer();
    await Promise.all([start, stop]);
    expect(registered).toEqual([]);
  });

  it('leads for another term when it is started again, and continues with what comes then', async () => {
    const fixture = new LeaderControllerFixture();
    await fixture.work.start();
    const epoch = fixture.work.epoch() ?? 0;
    await fixture.work.stop();
    fixture.source.set(...podNames(3));
    await fixture.work.start();
    expect(fixture.work.epoch()).toBeGreaterThan(epoch);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 1 });
    fixture.source.set(...podNames(4));
    fixture.source.hint();
    await fixture.clock.advance(GAP_MS);
    expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 2 });
  });

  it('begins no term before the work of the one before has ended, when it is started again at once', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let claimed = 0;
    const fixture = new LeaderControllerFixture((store) => ({
      claimEpoch: () => store.leadership.claimEpoch().finally(() => (claimed += 1)),
      configurePool: async (epoch, pool, policy) => {
        await answered;
        return store.pods.configurePool(epoch, pool, policy);
      },
    }));
    void fixture.work.start();
    await settled();
    void fixture.work.stop();
    const again = fixture.work.start();
    await settled();
    expect(claimed).toBe(1);
    answer();
    await again;
    expect(claimed).toBe(2);
    expect(fixture.work.isLeader()).toBe(true);
  });

  it('keeps serving without leading when leading fails as a whole', async () => {
    const fixture = new LeaderControllerFixture(() => ({
      subscribe: () => {
        throw new Error('broken');
      },
    }));
    await fixture.work.start();
    expect(fixture.work.isLeader()).toBe(false);
    expect(fixture.logger.messages('error')).toEqual(['leading failed for good, this process has stopped leading']);
  });

  it('stops without ever having been started', async () => {
    await expect(new LeaderControllerFixture().work.stop()).resolves.toBeUndefined();
  });
});
