import { StoreUnavailableError } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { type StoreOperations, withOperations } from '@smart-router/routing-store/testing';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { RecordingLogger } from '@smart-router/logging/testing';
import type { Term } from './leadership';
import { StaticLeadership } from './static-leadership';

const HOUR_MS = 3_600_000;

class Fixture {
  readonly logger = new RecordingLogger();
  readonly stopping = new AbortController();
  readonly terms: Term[] = [];

  constructor(
    readonly clock = new ManualClock(),
    readonly store = new MemoryRoutingStore({ now: () => clock.now() }),
  ) {}

  /** Leads with work that ends as soon as its term does. */
  async start(replacement: Partial<StoreOperations> = {}): Promise<{ run: Promise<void> }> {
    const { clock, logger } = this;
    const store = withOperations(this.store, replacement);
    const leader = new StaticLeadership({ store, identity: 'here', clock, random: () => 0, logger });
    const run = leader.run(async (term) => {
      this.terms.push(term);
      await new Promise((resolve) => term.signal.addEventListener('abort', resolve));
    }, this.stopping.signal);
    await settled();
    return { run };
  }

  async leader() {
    return (await this.store.reader.fleetStats()).leader;
  }
}

describe('StaticLeadership', () => {
  it('begins a term with an epoch of its own, and announces itself', async () => {
    const fixture = new Fixture();
    await fixture.start();
    expect(fixture.terms.map(({ epoch, identity }) => ({ epoch, identity }))).toEqual([{ epoch: 1, identity: 'here' }]);
    expect(await fixture.leader()).toEqual({ identity: 'here', epoch: 1, since: 0 });
  });

  it('stays announced since the beginning of the term when hours have passed', async () => {
    const fixture = new Fixture();
    await fixture.start();
    await fixture.clock.advance(HOUR_MS);
    expect(await fixture.leader()).toEqual({ identity: 'here', epoch: 1, since: 0 });
  });

  it('ends the term and takes the announcement back when it is stopped', async () => {
    const fixture = new Fixture();
    const { run } = await fixture.start();
    fixture.stopping.abort();
    await run;
    expect(fixture.terms[0]?.signal.aborted).toBe(true);
    expect(await fixture.leader()).toBeNull();
    expect(fixture.clock.sleeping).toBe(0);
  });

  it('hands leadership over only after the work of the term has ended', async () => {
    const fixture = new Fixture();
    const { clock, logger, store } = fixture;
    let endWork = (): void => undefined;
    const leader = new StaticLeadership({ store, identity: 'here', clock, random: () => 0, logger });
    const run = leader.run(() => new Promise<void>((resolve) => (endWork = resolve)), fixture.stopping.signal);
    await settled();
    fixture.stopping.abort();
    await settled();
    expect((await fixture.leader())?.identity).toBe('here');
    endWork();
    await run;
    expect(await fixture.leader()).toBeNull();
  });

  it('reports within seconds that it was forgotten when the store lost its data, and announces itself again', async () => {
    const fixture = new Fixture();
    await fixture.start();
    let forgotten = 0;
    fixture.terms[0]?.onDataLoss(() => forgotten++);
    await fixture.clock.advance(30_000);
    expect(forgotten).toBe(0);
    await fixture.store.leadership.resignLeader(1);
    await fixture.clock.advance(5_000);
    expect(forgotten).toBe(1);
    expect(fixture.logger.messages('warn')).toEqual(['the store has forgotten this leader, it may have lost its data']);
    expect((await fixture.leader())?.epoch).toBe(1);
    await fixture.clock.advance(30_000);
    expect(forgotten).toBe(1);
  });

  it('calls no listener that was removed when it was forgotten', async () => {
    const fixture = new Fixture();
    await fixture.start();
    let forgotten = 0;
    fixture.terms[0]?.onDataLoss(() => forgotten++)();
    await fixture.store.leadership.resignLeader(1);
    await fixture.clock.advance(5_000);
    expect(forgotten).toBe(0);
  });

  it('is not forgotten when the first announcement comes late', async () => {
    const fixture = new Fixture();
    let away = true;
    await fixture.start({
      announceLeader: async (epoch, identity, ttlMs) => {
        if (away) throw new StoreUnavailableError('away');
        return fixture.store.leadership.announceLeader(epoch, identity, ttlMs);
      },
    });
    let forgotten = 0;
    fixture.terms[0]?.onDataLoss(() => forgotten++);
    await fixture.clock.advance(20_000);
    away = false;
    await fixture.clock.advance(10_000);
    expect((await fixture.leader())?.epoch).toBe(1);
    expect(forgotten).toBe(0);
  });

  it('ends the term when another process took over, and waits while that one is announced', async () => {
    const fixture = new Fixture();
    await fixture.start();
    await fixture.store.leadership.claimEpoch();
    await fixture.store.leadership.announceLeader(2, 'there', HOUR_MS);
    await fixture.clock.advance(HOUR_MS - 10_000);
    expect(fixture.terms.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(await fixture.leader()).toMatchObject({ identity: 'there', epoch: 2 });
    expect(fixture.logger.messages('warn')).toEqual([expect.stringContaining('does no leader work until')]);
  });

  it('leads again with a higher epoch when the process that took over is gone', async () => {
    const fixture = new Fixture();
    const { run } = await fixture.start();
    await fixture.store.leadership.claimEpoch();
    await fixture.store.leadership.announceLeader(2, 'there', HOUR_MS);
    await fixture.clock.advance(30_000);
    await fixture.store.leadership.resignLeader(2);
    await fixture.clock.advance(20_000);
    expect(fixture.terms.map(({ epoch, signal }) => [epoch, signal.aborted])).toEqual([
      [1, true],
      [3, false],
    ]);
    expect(await fixture.leader()).toMatchObject({ identity: 'here', epoch: 3 });
    fixture.stopping.abort();
    await run;
  });

  it('takes no leadership back where the announcement of the other process is missing for a look', async () => {
    const fixture = new Fixture();
    await fixture.start();
    await fixture.store.leadership.claimEpoch();
    await fixture.store.leadership.announceLeader(2, 'there', HOUR_MS);
    await fixture.clock.advance(5_000);
    await fixture.store.leadership.resignLeader(2);
    await fixture.clock.advance(6_000);
    await fixture.store.leadership.announceLeader(2, 'there', HOUR_MS);
    await fixture.clock.advance(60_000);
    expect(fixture.terms).toHaveLength(1);
  });

  it('ends when it is stopped while another process leads', async () => {
    const fixture = new Fixture();
    const { run } = await fixture.start();
    await fixture.store.leadership.claimEpoch();
    await fixture.store.leadership.announceLeader(2, 'there', HOUR_MS);
    await fixture.clock.advance(5_000);
    fixture.stopping.abort();
    await run;
    expect(fixture.clock.sleeping).toBe(0);
  });

  it('leaves one of two leaders when two processes are started, the later one', async () => {
    const first = new Fixture();
    await first.start();
    const second = new Fixture(first.clock, first.store);
    await second.start();
    await first.clock.advance(120_000);
    expect(first.terms.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(second.terms.map(({ signal }) => signal.aborted)).toEqual([false]);
  });

  it('leads once the store is there when it was away at the start', async () => {
    const fixture = new Fixture();
    let away = true;
    await fixture.start({
      claimEpoch: async () => {
        if (away) throw new StoreUnavailableError('away');
        return fixture.store.leadership.claimEpoch();
      },
    });
    await fixture.clock.advance(20_000);
    expect(fixture.terms).toHaveLength(0);
    expect(fixture.logger.messages('warn')).toEqual(['claiming an epoch failed, it will be repeated']);
    away = false;
    await fixture.clock.advance(5_000);
    expect(fixture.terms).toHaveLength(1);
  });

  it('ends without a term when it is stopped while the store is away', async () => {
    const fixture = new Fixture();
    const { run } = await fixture.start({ claimEpoch: () => Promise.reject(new StoreUnavailableError('away')) });
    fixture.stopping.abort();
    await run;
    expect(fixture.terms).toHaveLength(0);
  });

  it('continues to lead when the store is away in the middle of the term', async () => {
    const fixture = new Fixture();
    let away = false;
    await fixture.start({
      announceLeader: async (epoch, identity, ttlMs) => {
        if (away) throw new StoreUnavailableError('away');
        return fixture.store.leadership.announceLeader(epoch, identity, ttlMs);
      },
    });
    away = true;
    await fixture.clock.advance(60_000);
    expect(await fixture.leader()).toBeNull();
    expect(fixture.logger.messages('warn')).toEqual(['announcing the leader failed, it will be repeated']);
    away = false;
    await fixture.clock.advance(5_000);
    expect((await fixture.leader())?.epoch).toBe(1);
    expect(fixture.terms.map(({ signal }) => signal.aborted)).toEqual([false]);
  });

  it('ends well when it cannot take the announcement back', async () => {
    const fixture = new Fixture();
    const { run } = await fixture.start({ resignLeader: () => Promise.reject(new StoreUnavailableError('away')) });
    fixture.stopping.abort();
    await expect(run).resolves.toBeUndefined();
    expect(fixture.logger.messages('warn')).toEqual(['resigning failed, the announcement runs out by itself']);
  });

  it('ends the term and throws when the work of the term fails as a whole', async () => {
    const fixture = new Fixture();
    const { clock, logger, store } = fixture;
    const leader = new StaticLeadership({ store, identity: 'here', clock, random: () => 0, logger });
    const failure = new Error('broken');
    await expect(leader.run(() => Promise.reject(failure), fixture.stopping.signal)).rejects.toBe(failure);
    expect(await fixture.leader()).toBeNull();
    expect(clock.sleeping).toBe(0);
  });

  it('reports once that the term is over when several writes were refused', async () => {
    const fixture = new Fixture();
    const { run } = await fixture.start();
    fixture.terms[0]?.end(new Error('first'));
    fixture.terms[0]?.end(new Error('second'));
    await settled();
    expect(fixture.logger.messages('warn')).toHaveLength(1);
    fixture.stopping.abort();
    await run;
  });
});
