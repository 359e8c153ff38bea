import { TimeoutError } from '@smart-router/scheduling';
import { ManualClock } from '@smart-router/scheduling/testing';
import { MemoryResourceLock } from '../testing/memory-resource-lock';
import { FaultyResourceLock } from '../testing/faulty-resource-lock';
import { LeaseContender } from './lease-contender';
import type { LeaseRecord } from './lease-record';

const TIMINGS = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
const never = new AbortController().signal;

/** As somebody else may have left it, an hour of their clock ago or in a thousand years: it must not matter. */
function recordOf(holderIdentity: string, more: Partial<LeaseRecord> = {}): LeaseRecord {
  const time = '3026-01-01T00:00:00.000Z';
  return { holderIdentity, leaseDurationSeconds: 15, acquireTime: time, renewTime: time, leaseTransitions: 3, ...more };
}

class Fixture {
  readonly clock = new ManualClock();
  readonly memory: MemoryResourceLock;
  readonly records: FaultyResourceLock;
  readonly contender: LeaseContender;

  constructor(record: LeaseRecord | null = null) {
    this.memory = new MemoryResourceLock(record);
    this.records = new FaultyResourceLock(this.memory);
    this.contender = this.another('me');
  }

  another(holderIdentity: string): LeaseContender {
    const { clock, records } = this;
    const wallClock = (): number => clock.now();
    return new LeaseContender({ records, holderIdentity, timings: TIMINGS, clock, wallClock, random: () => 0 });
  }

  attempt() {
    return this.contender.attempt(never);
  }

  /** Watches the lease of another one until it has run out. */
  async outlast(): Promise<void> {
    await this.attempt();
    await this.clock.advance(TIMINGS.leaseDurationMs);
  }

  /** The calls of what the function does. */
  async callsOf(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.memory.calls.length;
    await work();
    return this.memory.calls.slice(before);
  }
}

describe('LeaseContender taking the lease', () => {
  it('creates it when there is none', async () => {
    const { attempt, memory } = bound(new Fixture());
    expect(await attempt()).toEqual({ kind: 'acquired' });
    expect(memory.record).toEqual({
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: '1970-01-01T00:00:00.000Z',
      renewTime: '1970-01-01T00:00:00.000Z',
      leaseTransitions: 0,
    });
  });

  it('takes it at once when nobody holds it', async () => {
    const { attempt, memory } = bound(new Fixture(recordOf('')));
    expect(await attempt()).toEqual({ kind: 'acquired' });
    expect(memory.record).toMatchObject({ holderIdentity: 'me', leaseTransitions: 4 });
  });

  it('takes it at once when it was released for a second', async () => {
    const { attempt } = bound(new Fixture(recordOf('', { leaseDurationSeconds: 1 })));
    expect(await attempt()).toEqual({ kind: 'acquired' });
  });

  it('takes it when its holder did not renew it for its whole duration', async () => {
    const fixture = new Fixture(recordOf('other'));
    await fixture.outlast();
    expect(await fixture.attempt()).toEqual({ kind: 'acquired' });
    expect(fixture.memory.record).toMatchObject({ holderIdentity: 'me', leaseTransitions: 4 });
  });

  it('does not take it from a holder before it has watched for the whole duration', async () => {
    const fixture = new Fixture(recordOf('other', { renewTime: '1970-01-01T00:00:00.000Z' }));
    await fixture.attempt();
    await fixture.clock.advance(TIMINGS.leaseDurationMs - 1);
    expect(await fixture.attempt()).toEqual({ kind: 'held-by-other', holder: 'other' });
    expect(fixture.memory.calls).toEqual(['read', 'read']);
  });

  it('does not take it from a holder that renewed it meanwhile', async () => {
    const fixture = new Fixture(recordOf('other'));
    await fixture.outlast();
    fixture.memory.put(recordOf('other', { renewTime: '2000-01-01T00:00:00.000Z' }));
    expect(await fixture.attempt()).toMatchObject({ kind: 'held-by-other' });
  });

  it('is not kept off by changes beside the record', async () => {
    const fixture = new Fixture(recordOf('other'));
    await fixture.outlast();
    fixture.memory.put(recordOf('other'));
    expect(await fixture.attempt()).toEqual({ kind: 'acquired' });
  });

  it.each([
    ['shorter', 3, 3_000],
    ['longer', 60, 60_000],
    ['missing', null, TIMINGS.leaseDurationMs],
    ['zero', 0, TIMINGS.leaseDurationMs],
    ['negative', -5, TIMINGS.leaseDurationMs],
    ['absurd', 2 ** 31, TIMINGS.leaseDurationMs],
  ])('watches for a sensible time when the duration in it is %s', async (_, leaseDurationSeconds, waitMs) => {
    const fixture = new Fixture(recordOf('other', { leaseDurationSeconds }));
    await fixture.attempt();
    await fixture.clock.advance(waitMs - 1);
    expect(await fixture.attempt()).toMatchObject({ kind: 'held-by-other' });
    await fixture.clock.advance(1);
    expect(await fixture.attempt()).toEqual({ kind: 'acquired' });
  });

  it('loses against who writes at the same moment', async () => {
    const fixture = new Fixture(recordOf(''));
    fixture.records.before('update', () => fixture.memory.put(recordOf('other')));
    expect(await fixture.attempt()).toEqual({ kind: 'conflict' });
    expect(fixture.memory.record?.holderIdentity).toBe('other');
  });

  it('loses against who creates it at the same moment', async () => {
    const fixture = new Fixture();
    fixture.records.before('create', () => fixture.memory.put(recordOf('other')));
    expect(await fixture.attempt()).toEqual({ kind: 'conflict' });
  });

  it('gives up a call that hangs', async () => {
    const fixture = new Fixture();
    fixture.records.hang('read');
    const attempt = expect(fixture.attempt()).rejects.toThrow(TimeoutError);
    await fixture.clock.advance(TIMINGS.renewDeadlineMs / 2);
    await attempt;
  });

  it('ends at once when it is stopped in the middle of a call', async () => {
    const fixture = new Fixture();
    fixture.records.hang('create');
    const stopping = new AbortController();
    const attempt = expect(fixture.contender.attempt(stopping.signal)).rejects.toThrow('enough');
    await fixture.clock.advance(1);
    stopping.abort(new Error('enough'));
    await attempt;
    expect(fixture.clock.sleeping).toBe(0);
  });
});

describe('LeaseContender keeping the lease', () => {
  it('renews it without reading', async () => {
    const fixture = new Fixture(recordOf(''));
    await fixture.attempt();
    await fixture.clock.advance(2_000);
    expect(await fixture.callsOf(() => fixture.attempt())).toEqual(['update']);
    expect(fixture.memory.record).toMatchObject({
      acquireTime: '1970-01-01T00:00:00.000Z',
      renewTime: '1970-01-01T00:00:02.000Z',
      leaseTransitions: 4,
    });
    expect(fixture.contender.renewedAt).toBe(2_000);
  });

  it('reads first when somebody has written in between', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.memory.put({ ...(fixture.memory.record as LeaseRecord), leaseTransitions: 70 });
    expect(await fixture.callsOf(() => fixture.attempt())).toEqual(['update', 'read', 'update']);
    expect(fixture.memory.record).toMatchObject({ holderIdentity: 'me', leaseTransitions: 70 });
  });

  it('reads first when the last write is too long ago', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    await fixture.clock.advance(TIMINGS.leaseDurationMs);
    expect(await fixture.callsOf(() => fixture.attempt())).toEqual(['read', 'update']);
  });

  it('continues by reading when the write without reading fails', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.records.fail('update', 1);
    expect(await fixture.attempt()).toEqual({ kind: 'renewed' });
  });

  it('says what failed when reading fails, too', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.records.fail('update', 1);
    fixture.records.fail('read', 1);
    await expect(fixture.attempt()).rejects.toThrow('read failed');
  });

  it('finds its own write when the answer to it was lost', async () => {
    const fixture = new Fixture();
    fixture.records.loseAnswer('create');
    await expect(fixture.attempt()).rejects.toThrow('create failed');
    expect(await fixture.attempt()).toEqual({ kind: 'renewed' });
  });

  it('reports that the hold began anew when the lease was deleted', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.memory.delete();
    expect(await fixture.attempt()).toEqual({ kind: 'acquired' });
  });

  it('reports that the hold began anew when its name was taken out by hand', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.memory.put(recordOf(''));
    expect(await fixture.attempt()).toEqual({ kind: 'acquired' });
  });

  it('leaves the lease to another holder', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.memory.put(recordOf('other'));
    expect(await fixture.attempt()).toEqual({ kind: 'held-by-other', holder: 'other' });
  });

  it('confirms a lease that is as it was written', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    expect(await fixture.contender.confirm(never)).toBe(true);
  });

  it.each([
    ['another holder', recordOf('other')],
    ['another time', recordOf('me')],
    ['nobody', recordOf('')],
  ])('does not confirm a lease that names %s by now', async (_, record) => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.memory.put(record);
    expect(await fixture.contender.confirm(never)).toBe(false);
  });

  it('does not confirm a lease that is gone', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.memory.delete();
    expect(await fixture.contender.confirm(never)).toBe(false);
  });
});

describe('LeaseContender giving the lease up', () => {
  it('leaves it to nobody, for a second, with its transitions', async () => {
    const fixture = new Fixture(recordOf(''));
    await fixture.attempt();
    await fixture.contender.release();
    expect(fixture.memory.record).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 4 });
    expect(await fixture.another('next').attempt(never)).toEqual({ kind: 'acquired' });
  });

  it('asks nobody when it never tried to hold it', async () => {
    const fixture = new Fixture(recordOf('other'));
    await fixture.attempt();
    expect(await fixture.callsOf(() => fixture.contender.release())).toEqual([]);
  });

  it('leaves the lease of another holder alone', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.memory.put(recordOf('other'));
    await fixture.contender.release();
    expect(fixture.memory.record?.holderIdentity).toBe('other');
  });

  it('does not bring a deleted lease back', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.memory.delete();
    await fixture.contender.release();
    expect(fixture.memory.record).toBeNull();
  });

  it('tries again when somebody writes at the same moment', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.records.before('update', () => fixture.memory.put({ ...(fixture.memory.record as LeaseRecord) }));
    const release = fixture.contender.release();
    await fixture.clock.advance(1_000);
    await release;
    expect(fixture.memory.record?.holderIdentity).toBe('');
  });

  it.each(['read', 'update'] as const)('frees it though the attempt before was ended during its %s', async (call) => {
    const fixture = new Fixture();
    await fixture.attempt();
    await fixture.clock.advance(TIMINGS.leaseDurationMs);
    fixture.records.hang(call, 1);
    const stopping = new AbortController();
    const attempt = expect(fixture.contender.attempt(stopping.signal)).rejects.toThrow('enough');
    await fixture.clock.advance(1);
    stopping.abort(new Error('enough'));
    await attempt;
    await fixture.contender.release();
    expect(fixture.memory.record?.holderIdentity).toBe('');
  });

  it('frees it though the answer that it was taken was lost', async () => {
    const fixture = new Fixture();
    fixture.records.loseAnswer('create');
    await expect(fixture.attempt()).rejects.toThrow('create failed');
    await fixture.contender.release();
    expect(fixture.memory.record?.holderIdentity).toBe('');
  });

  it('tries again with the retry period when a call fails', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.records.fail('read', 2);
    const release = fixture.contender.release();
    await fixture.clock.advance(2 * TIMINGS.retryPeriodMs);
    await release;
    expect(fixture.memory.record?.holderIdentity).toBe('');
  });

  it('says so when it cannot for as long as a leader may go without renewing', async () => {
    const fixture = new Fixture();
    await fixture.attempt();
    fixture.records.fail('read');
    const release = expect(fixture.contender.release()).rejects.toThrow('read failed');
    await fixture.clock.advance(TIMINGS.renewDeadlineMs);
    await release;
  });
});

function bound(fixture: Fixture) {
  return { attempt: () => fixture.attempt(), memory: fixture.memory };
}
