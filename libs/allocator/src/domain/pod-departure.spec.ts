import { StoreUnavailableError, type PodView } from '@smart-router/routing-store';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { PodDeparture, type Departure } from './pod-departure';

const pod = (calls: readonly string[], isDraining = true): PodView => ({
  podName: 'pod-1',
  pool: 'gold',
  status: 'draining',
  isDraining,
  ready: true,
  incarnation: 'first',
  leaseCallSid: null,
  calls,
});

class Fixture {
  readonly clock = new ManualClock();
  readonly leaving = new AbortController();
  looks = 0;
  answer: () => Promise<PodView | null> = () => Promise.resolve(pod(['CA1']));
  outcome: Departure | unknown = 'waiting';

  async ask(waitMs: number): Promise<void> {
    const look = (): Promise<PodView | null> => {
      this.looks += 1;
      return this.answer();
    };
    const departure = new PodDeparture({ pod: look }, this.clock);
    departure.whenDrained('pod-1', waitMs, this.leaving.signal).then(
      (outcome) => (this.outcome = outcome),
      (error: unknown) => (this.outcome = error),
    );
    await settled();
  }
}

describe('PodDeparture', () => {
  it.each<[string, PodView | null, Departure]>([
    ['drained when the pod drains and has no calls', pod([]), { kind: 'drained' }],
    ['busy when a call goes on', pod(['CA1']), { kind: 'busy', activeCalls: 1, isDraining: true }],
    ['busy when new calls may come', pod([], false), { kind: 'busy', activeCalls: 0, isDraining: false }],
    [
      'busy when a lease tells of a call that is not listed',
      { ...pod([]), leaseCallSid: 'CA1' },
      { kind: 'busy', activeCalls: 0, isDraining: true },
    ],
    ['unknown when nobody knows the pod', null, { kind: 'unknown-pod' }],
  ])('returns %s', async (_, found, expected) => {
    const fixture = new Fixture();
    fixture.answer = () => Promise.resolve(found);
    await fixture.ask(0);
    expect([fixture.outcome, fixture.looks]).toEqual([expected, 1]);
  });

  it('returns as soon as the last call has ended', async () => {
    const fixture = new Fixture();
    await fixture.ask(30_000);
    await fixture.clock.advance(5_000);
    expect(fixture.outcome).toBe('waiting');
    fixture.answer = () => Promise.resolve(pod([]));
    await fixture.clock.advance(1_000);
    expect(fixture.outcome).toEqual({ kind: 'drained' });
    expect(fixture.clock.sleeping).toBe(0);
  });

  it('returns busy when the time is over', async () => {
    const fixture = new Fixture();
    await fixture.ask(30_000);
    await fixture.clock.advance(30_000);
    expect(fixture.outcome).toEqual({ kind: 'busy', activeCalls: 1, isDraining: true });
  });

  it('waits on while the store cannot be asked', async () => {
    const fixture = new Fixture();
    fixture.answer = () => Promise.reject(new StoreUnavailableError('away'));
    await fixture.ask(30_000);
    await fixture.clock.advance(10_000);
    expect(fixture.outcome).toBe('waiting');
    fixture.answer = () => Promise.resolve(pod([]));
    await fixture.clock.advance(1_000);
    expect(fixture.outcome).toEqual({ kind: 'drained' });
  });

  it('fails, and does not say drained, when the store cannot be asked in the end', async () => {
    const fixture = new Fixture();
    fixture.answer = () => Promise.reject(new StoreUnavailableError('away'));
    await fixture.ask(3_000);
    await fixture.clock.advance(3_000);
    expect(fixture.outcome).toBeInstanceOf(StoreUnavailableError);
  });

  it('returns what is known when the wait is ended early', async () => {
    const fixture = new Fixture();
    await fixture.ask(30_000);
    fixture.leaving.abort();
    await settled();
    expect(fixture.outcome).toEqual({ kind: 'busy', activeCalls: 1, isDraining: true });
    expect(fixture.clock.sleeping).toBe(0);
  });
});
