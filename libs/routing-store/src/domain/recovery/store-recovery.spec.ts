import { RecordingLogger } from '@smart-router/logging/testing';
import { ManualClock } from '@smart-router/scheduling/testing';
import { MemoryRoutingStore } from '../../memory/memory-routing-store';
import { StoreUnavailableError } from '../errors';
import { DEFAULT_TIMINGS } from '../routing-store';
import type { RecoveryParticipant, ReplayProgress } from './recovery-participant';
import { StoreRecovery } from './store-recovery';

const HOLD_MS = DEFAULT_TIMINGS.failoverHoldMs;
const HOLD_MAX_MS = DEFAULT_TIMINGS.failoverHoldMaxMs;

/** Replays as a test wants it, and notes what it was asked for. */
class ScriptedParticipant implements RecoveryParticipant {
  isUnfinished = false;
  ends: ReplayProgress = 'done';
  grants: ReplayProgress = 'done';
  readonly steps: string[] = [];

  recall(): void {
    this.steps.push('recall');
  }
  confirmed(): void {
    // Of no interest here.
  }
  async replayEnds(): Promise<ReplayProgress> {
    this.steps.push('ends');
    return this.ends;
  }
  async replayGrants(_signal: AbortSignal, isFinal: boolean): Promise<ReplayProgress> {
    this.steps.push(isFinal ? 'grants, finally' : 'grants');
    return this.grants;
  }
}

describe('StoreRecovery', () => {
  let clock: ManualClock;
  let logger: RecordingLogger;
  let store: MemoryRoutingStore;
  let replications: number;
  let failure: Error | null;
  let held: boolean[];
  const running: StoreRecovery[] = [];

  beforeEach(() => {
    clock = new ManualClock();
    logger = new RecordingLogger();
    replications = 1;
    failure = null;
    held = [];
    store = new MemoryRoutingStore({ now: () => 1e12 + clock.now(), replicationId: () => `r${replications}` });
    store.connected();
  });
  afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));

  function start(member: string): { recovery: StoreRecovery; part: ScriptedParticipant } {
    const ports = {
      store: {
        checkGeneration: (report: Parameters<typeof store.recovery.checkGeneration>[0]) =>
          failure ? Promise.reject(failure) : store.recovery.checkGeneration(report),
        onReconnect: () => () => undefined,
      },
      observer: { generationChanged: () => undefined, callsHeld: (isHeld: boolean) => held.push(isHeld) },
      ...{ logger, clock, random: () => 0.5 },
    };
    const recovery = new StoreRecovery(ports, member);
    const part = new ScriptedParticipant();
    recovery.add(part);
    recovery.start();
    running.push(recovery);
    return { recovery, part };
  }

  /** Two processes that have been there for a while. */
  async function startTwo() {
    const [a, b] = [start('a'), start('b')];
    await clock.advance(HOLD_MS + 2_000);
    return { a, b };
  }

  const readiness = async (recovery: StoreRecovery) => {
    const ready = recovery.whenReady(0);
    await clock.advance(0);
    return ready;
  };

  it('is ready once it has looked at the store and calls are not held', async () => {
    const { recovery } = start('a');
    await clock.advance(HOLD_MS / 2);
    expect(await readiness(recovery)).toBe('recovering');
    await clock.advance(HOLD_MS);
    expect(await readiness(recovery)).toBe('ready');
  });

  it('replays ends, waits for those of all others, and then replays grants', async () => {
    const { a, b } = await startTwo();
    b.part.ends = 'waiting';
    replications += 1;
    await clock.advance(1_500);
    expect(a.part.steps).toEqual(['recall', 'ends']);
    b.part.ends = 'done';
    await clock.advance(500);
    expect(a.part.steps).toEqual(['recall', 'ends', 'grants']);
    expect(await readiness(a.recovery)).toBe('ready');
  });

  it('is not ready while another process replays', async () => {
    const { a, b } = await startTwo();
    b.part.grants = 'waiting';
    replications += 1;
    await clock.advance(3_000);
    expect(await readiness(a.recovery)).toBe('recovering');
    expect(logger.messages('warn')).toContain('calls are held until all processes have replayed');
    b.part.grants = 'done';
    await clock.advance(500);
    expect(await readiness(a.recovery)).toBe('ready');
    expect(logger.messages('info')).toContain('calls are placed again');
    expect(held.at(-1)).toBe(false);
  });

  it('waits no longer than it must for a process that has died', async () => {
    const { a, b } = await startTwo();
    await b.recovery.stop();
    replications += 1;
    await clock.advance(HOLD_MAX_MS - 500);
    expect(await readiness(a.recovery)).toBe('recovering');
    await clock.advance(2_000);
    expect(await readiness(a.recovery)).toBe('ready');
  });

  it('remembers who lived, where the store has forgotten it', async () => {
    const { a, b } = await startTwo();
    await b.recovery.stop();
    store = new MemoryRoutingStore({ now: () => 1e12 + clock.now(), replicationId: () => 'empty' });
    await clock.advance(HOLD_MS + 1_500);
    expect(await readiness(a.recovery)).toBe('recovering');
    await clock.advance(HOLD_MAX_MS);
    expect(await readiness(a.recovery)).toBe('ready');
  });

  it('tries again what is left, and says when nothing stands to change by itself', async () => {
    const { a, b } = await startTwo();
    await b.recovery.stop();
    await clock.advance(6_000);
    a.part.isUnfinished = true;
    replications += 1;
    await clock.advance(3_000);
    expect(a.part.steps.slice(0, 3)).toEqual(['recall', 'ends', 'grants']);
    expect(a.part.steps.at(-1)).toBe('grants, finally');
  });

  it('begins anew where the store is lost once more', async () => {
    const { a } = await startTwo();
    a.part.ends = 'waiting';
    replications += 1;
    await clock.advance(1_100);
    replications += 1;
    await clock.advance(200);
    expect(a.part.steps.filter((step) => step === 'recall')).toHaveLength(2);
  });

  it('continues after the store was away', async () => {
    const { a } = await startTwo();
    failure = new StoreUnavailableError(new Error('away'));
    await clock.advance(5_000);
    const failures = logger.messages('warn').filter((message) => message === 'could not read store generation');
    expect(failures).toHaveLength(running.length);
    failure = null;
    replications += 1;
    await clock.advance(3_000);
    expect(a.part.steps).toEqual(['recall', 'ends', 'grants']);
  });

  it('leaves it to the store while the connection is new', async () => {
    const { a } = await startTwo();
    failure = new StoreUnavailableError(new Error('away'));
    a.recovery.recheck();
    const waiting = a.recovery.whenReady(500);
    await clock.advance(501);
    expect(await waiting).toBe('unverified');
  });
});
