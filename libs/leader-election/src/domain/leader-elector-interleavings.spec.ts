import fc from 'fast-check';
import { ManualClock } from '@smart-router/scheduling/testing';
import { ElectionFixture, type TestContender, TIMINGS } from '../testing/election-fixture';
import type { Term } from './leadership';

const CONTENDERS = ['a', 'b', 'c'];
const RUNS = Number(process.env['ELECTION_RUNS'] ?? 60);
/** Everybody runs freely for that time in the end: whatever happened before must have healed. */
const HEALING_MS = 2 * TIMINGS.leaseDurationMs + 5 * TIMINGS.retryPeriodMs;

type Step =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'pause' | 'resume' | 'cut' | 'restore' | 'lose-answer' | 'late-write'; readonly who: number }
  | { readonly kind: 'delete' | 'empty' | 'reset-transitions' | 'foreign' };

const who = fc.nat(CONTENDERS.length - 1);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 12_000 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom('pause' as const, 'resume', 'cut', 'restore', 'lose-answer', 'late-write'),
        who,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'empty', 'reset-transitions', 'foreign') }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

/** A process that can be paused: its clock stands still, and has jumped when it continues. */
interface Process {
  readonly contender: TestContender;
  readonly clock: ManualClock;
  pausedMs: number | null;
}

/** Three contenders, each with a clock of its own, and the record of all writes that the store accepted. */
class World {
  readonly fixture = new ElectionFixture();
  readonly accepted: { readonly epoch: number; readonly by: string }[] = [];
  readonly processes: readonly Process[];

  constructor() {
    this.processes = CONTENDERS.map((name, index) => {
      const clock = new ManualClock();
      const random = (): number => index / CONTENDERS.length;
      return { contender: this.fixture.contender(name, { clock, random }), clock, pausedMs: null };
    });
  }

  async start(): Promise<void> {
    for (const { contender } of this.processes) contender.start();
    await this.pass(0);
  }

  /** All who are not paused write as they go, whenever they believe that they lead. */
  async pass(ms: number): Promise<void> {
    const end = ms;
    for (let passed = 0; passed <= end; passed += 500) {
      const step = Math.min(500, end - passed);
      await this.fixture.clock.advance(step);
      for (const each of this.processes) {
        if (each.pausedMs === null) await each.clock.advance(step);
        else each.pausedMs += step;
      }
      for (const { contender, pausedMs } of this.processes) {
        if (pausedMs === null && contender.leads) await this.write(contender, contender.term as Term);
      }
    }
  }

  async apply(step: Step): Promise<void> {
    if (step.kind === 'time') return this.pass(step.ms);
    if ('who' in step) return this.disturb(step.kind, this.processes[step.who] as Process);
    this.edit(step.kind);
  }

  async heal(): Promise<void> {
    for (const each of this.processes) await this.disturb('resume', each);
    for (const { contender } of this.processes) contender.records.restore();
    await this.pass(HEALING_MS);
  }

  async stop(): Promise<void> {
    const ended = Promise.all(this.processes.map(({ contender }) => contender.stop()));
    await this.pass(1_000);
    await ended;
  }

  private async disturb(kind: Extract<Step, { who: number }>['kind'], each: Process): Promise<void> {
    const { contender } = each;
    if (kind === 'pause') each.pausedMs ??= 0;
    if (kind === 'resume') await this.resume(each);
    if (kind === 'cut') contender.records.cut();
    if (kind === 'restore') contender.records.restore();
    if (kind === 'lose-answer') contender.records.loseAnswer('update');
    if (kind === 'late-write' && contender.term) await this.write(contender, contender.terms[0] as Term);
  }

  private async resume(each: Process): Promise<void> {
    if (each.pausedMs === null) return;
    each.clock.jump(each.pausedMs);
    each.pausedMs = null;
    // What was under way goes out before any timer of the process fires.
    if (each.contender.term) await this.write(each.contender, each.contender.term);
    await each.clock.advance(0);
  }

  private edit(kind: 'delete' | 'empty' | 'reset-transitions' | 'foreign'): void {
    const { lease } = this.fixture;
    if (kind === 'delete') lease.delete();
    if (!lease.record) return;
    if (kind === 'empty') lease.put({ ...lease.record, holderIdentity: '' });
    if (kind === 'reset-transitions') lease.put({ ...lease.record, leaseTransitions: 0 });
    if (kind === 'foreign') lease.put({ ...lease.record, holderIdentity: 'foreign', leaseDurationSeconds: 99_999 });
  }

  private async write(contender: TestContender, term: Term): Promise<void> {
    if (await contender.write(term)) this.accepted.push({ epoch: term.epoch, by: contender.name });
  }
}

/** Who wrote, in the order of the accepted writes: one entry where the writer changes. */
function writers(accepted: World['accepted']): string[] {
  return accepted.map(({ epoch, by }) => `${epoch} ${by}`).filter((writer, i, all) => writer !== all[i - 1]);
}

describe('three contenders under pauses, cuts and hands in the lease', () => {
  it('never have two of them write with effect, and always come to one that leads', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const world = new World();
        await world.start();
        for (const step of plan) await world.apply(step);
        await world.heal();
        const epochs = writers(world.accepted).map((writer) => Number(writer.split(' ')[0]));
        expect(epochs).toEqual([...new Set(epochs)].sort((x, y) => x - y));
        expect(world.processes.filter(({ contender }) => contender.leads)).toHaveLength(1);
        await world.stop();
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});
