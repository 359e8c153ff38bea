import { StoreUnavailableError, type PodView } from '@smart-router/routing-store';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { DrainWaiter, type Departure } from './drain-waiter';

const pod = (calls: readonly string[], isDraining = true): PodView => ({
  podName: 'pod-1',
  pool: 'gold',
  status: 'draining',
  isDraining,
  drain: isDraining ? { sinceMs: 0, endsMs: null } : null,
  ready: true,
  terminating: false,
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

  private readonly departure: DrainWaiter;

  constructor(maxWaiters?: number) {
    const look = (): Promise<PodView | null> => {
      this.looks += 1;
      return this.answer();
    };
    this.departure = new DrainWaiter({ pod: look }, this.clock, maxWaiters);
  }

  async ask(waitMs: number): Promise<void> {
    this.wait(waitMs, this.leaving.signal).then(
      (outcome) => (this.outcome = outcome),
      (error: unknown) => (this.outcome = error),
    );
    await settled();
  }

  wait(waitMs: number, signal: AbortSignal = this.leaving.signal): Promise<Departure> {
    return this.departure.whenDrained('pod-1', waitMs, signal);
  }
}

describe('DrainWaiter', () => {
  it.each<[string, PodView | null, Departure]>([
    ['drained when the pod drains and has no calls', pod([]), { kind: 'drained' }],
    ['busy when a call continues', pod(['CA1']), { kind: 'busy', activeCalls: 1, isDraining: true }],
    ['busy when new calls may come', pod([], false), { kind: 'busy', activeCalls: 0, isDraining: false }],
    [
      'busy when a lease names a call that is not listed',
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

describe('many who wait for one pod', () => {
  it('share their first look, and one poll a second', async () => {
    const fixture = new Fixture();
    const asked = Array.from({ length: 500 }, () => fixture.wait(30_000));
    await settled();
    // A look that had begun before a question was asked does not answer it.
    expect(fixture.looks).toBe(2);
    for (let second = 1; second <= 10; second++) {
      await fixture.clock.advance(1_000);
      expect(fixture.looks).toBe(2 + second);
    }
    fixture.answer = () => Promise.resolve(pod([]));
    await fixture.clock.advance(1_000);
    expect(new Set((await Promise.all(asked)).map(({ kind }) => kind))).toEqual(new Set(['drained']));
    expect([fixture.looks, fixture.clock.sleeping]).toEqual([13, 0]);
  });

  it('share the poll also where they came at other times, and each is answered when its own time is over', async () => {
    const fixture = new Fixture();
    const kinds: string[] = [];
    for (let index = 0; index < 10; index++) {
      void fixture.wait(5_000).then(({ kind }) => kinds.push(kind));
      await fixture.clock.advance(100);
    }
    const before = fixture.looks;
    await fixture.clock.advance(3_000);
    expect([fixture.looks - before, kinds.length]).toEqual([3, 0]);
    await fixture.clock.advance(1_000);
    expect(kinds.length).toBeGreaterThan(0);
    expect(kinds.length).toBeLessThan(10 + 1);
    await fixture.clock.advance(1_000);
    expect([kinds.length, fixture.clock.sleeping]).toEqual([10, 0]);
  });

  it('are not answered by a look that began before they asked', async () => {
    const fixture = new Fixture();
    let finish: (found: PodView) => void = () => undefined;
    fixture.answer = () => new Promise((resolve) => (finish = resolve));
    const first = fixture.wait(0);
    fixture.answer = () => Promise.resolve(pod(['CA2']));
    const second = fixture.wait(0);
    finish(pod([]));
    expect([(await first).kind, (await second).kind]).toEqual(['drained', 'busy']);
  });

  it('leave the poll to the others when one of them goes', async () => {
    const fixture = new Fixture();
    const gone = new AbortController();
    const [first, second] = [fixture.wait(30_000, gone.signal), fixture.wait(30_000)];
    await settled();
    gone.abort();
    expect((await first).kind).toBe('busy');
    fixture.answer = () => Promise.resolve(pod([]));
    await fixture.clock.advance(1_000);
    expect((await second).kind).toBe('drained');
  });

  it('are rejected beyond the limit, without a look, until one of them is answered', async () => {
    const fixture = new Fixture(2);
    const waiting = [fixture.wait(1_500), fixture.wait(30_000)];
    await settled();
    const { looks } = fixture;
    expect(await fixture.wait(30_000)).toEqual({ kind: 'too-many-waiters' });
    expect(fixture.looks).toBe(looks);
    expect((await fixture.wait(0)).kind).toBe('busy');
    await fixture.clock.advance(1_500);
    expect((await waiting[0])?.kind).toBe('busy');
    void fixture.wait(30_000);
    await settled();
    expect(await fixture.wait(30_000)).toEqual({ kind: 'too-many-waiters' });
  });
});
