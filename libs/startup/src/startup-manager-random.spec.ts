import fc from 'fast-check';
import type { Priority } from './component-definition';
import { StartupFixture } from './testing/startup-fixture';
import type { InitStep, Script } from './testing/scripted-component';

const HOUR_MS = 3_600_000;

const scriptsOf = (...allSteps: readonly InitStep[]): fc.Arbitrary<Script[]> =>
  fc
    .array(
      fc.record({
        priority: fc.constantFrom<Priority>('CRITICAL', 'HIGH', 'MEDIUM', 'LOW'),
        edges: fc.nat(),
        maxRetries: fc.nat({ max: 2 }),
        steps: fc.array(fc.constantFrom(...allSteps), { minLength: 1, maxLength: 3 }),
        cleanup: fc.constantFrom('succeed', 'fail', 'hang' as const),
      }),
      { maxLength: 8 },
    )
    .map((drawn) =>
      drawn.map(({ edges, ...script }, index) => ({
        ...script,
        name: `c${index}`,
        dependencies: drawn.slice(0, index).flatMap((_, before) => ((edges >> before) & 1 ? [`c${before}`] : [])),
      })),
    );

const scripts = scriptsOf('succeed', 'succeed', 'fail', 'hang');

const indexOf = (trace: readonly string[], entry: string): number => trace.indexOf(entry);

/** What must hold of every start, whatever its components do. */
function check(all: readonly Script[], fixture: StartupFixture): void {
  const { trace } = fixture;
  for (const { name, dependencies = [] } of all) {
    const started = trace.filter((entry) => entry === `+${name}`).length;
    const stopped = trace.filter((entry) => entry === `-${name}`).length;
    expect([name, started]).toEqual([name, Math.min(started, 1)]);
    expect([name, stopped]).toEqual([name, started]);
    for (const dependency of dependencies) {
      if (started === 0) continue;
      expect(indexOf(trace, `+${dependency}`)).toBeLessThan(indexOf(trace, `+${name}`));
      expect(indexOf(trace, `-${dependency}`)).toBeGreaterThan(indexOf(trace, `-${name}`));
      expect(trace).toContain(`+${dependency}`);
    }
  }
}

/** The states that the rules allow before the end, by the outcome of the start. */
function checkStates(all: readonly Script[], fixture: StartupFixture, degradedAllowed: boolean): void {
  const statuses = fixture.statuses();
  for (const { name, priority, dependencies = [] } of all) {
    const status = statuses[name];
    expect(['SUCCESS', 'DEGRADED', 'BLOCKED']).toContain(status);
    if (priority === 'CRITICAL') expect([name, status]).toEqual([name, 'SUCCESS']);
    if (priority === 'HIGH' && !degradedAllowed) expect([name, status]).toEqual([name, 'SUCCESS']);
    const missing = dependencies.some((dependency) => statuses[dependency] !== 'SUCCESS');
    expect([name, status === 'BLOCKED']).toEqual([name, missing]);
  }
}

it('starts in order, nothing twice, and stops in reverse all that started, for any graph and any failures', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, fc.boolean(), fc.boolean(), async (all, degradedAllowed, robust) => {
      const fixture = new StartupFixture(all, { degradedAllowed, robust });
      const start = fixture.manager.start();
      await fixture.clock.advance(HOUR_MS);
      const outcome = await start;
      if (outcome.kind === 'started') checkStates(all, fixture, degradedAllowed);
      const stop = fixture.manager.shutdown();
      await fixture.clock.advance(HOUR_MS);
      await stop;
      check(all, fixture);
      expect(Object.values(fixture.statuses()).filter((status) => !['STOPPED', 'FAILED'].includes(status))).toEqual([]);
      expect(fixture.clock.sleeping).toBe(0);
    }),
    { numRuns: 300 },
  );
});

/** Of everything that was ever started and stopped: nobody runs without those that it depends on, nobody runs twice. */
function checkEveryMoment(all: readonly Script[], { trace }: StartupFixture): void {
  const running = new Set<string>();
  const neighbours = new Map(all.map(({ name, dependencies = [] }) => [name, dependencies]));
  const dependants = (of: string): string[] => [...running].filter((name) => neighbours.get(name)?.includes(of));
  for (const [index, entry] of trace.entries()) {
    const name = entry.slice(1);
    if (entry.startsWith('+')) {
      expect([index, entry, running.has(name)]).toEqual([index, entry, false]);
      expect([index, entry, neighbours.get(name)?.filter((one) => !running.has(one))]).toEqual([index, entry, []]);
      running.add(name);
    }
    if (entry.startsWith('-')) {
      expect([index, entry, running.delete(name)]).toEqual([index, entry, true]);
      expect([index, entry, dependants(name)]).toEqual([index, entry, []]);
    }
  }
  expect([...running]).toEqual([]);
}

it('keeps order whatever is started anew at whatever moment, and stops all of it in the end', async () => {
  const operations = fc.array(fc.record({ index: fc.nat(), afterMs: fc.nat({ max: 400_000 }) }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(scriptsOf('succeed', 'succeed', 'fail', 'hang', 'late'), operations, async (all, wanted) => {
      fc.pre(all.length > 0);
      const fixture = new StartupFixture(all);
      const start = fixture.manager.start();
      const asked: Promise<unknown>[] = [start];
      for (const { index, afterMs } of wanted) {
        await fixture.clock.advance(afterMs);
        // Refused where the start has failed and all of it was stopped.
        asked.push(fixture.manager.reinitialize(`c${index % all.length}`).catch((error: unknown) => error));
      }
      await fixture.clock.advance(HOUR_MS);
      await Promise.all(asked);
      const stop = fixture.manager.shutdown();
      await fixture.clock.advance(HOUR_MS);
      await stop;
      checkEveryMoment(all, fixture);
      expect(fixture.clock.sleeping).toBe(0);
    }),
    { numRuns: 200 },
  );
});

it('waits at random between attempts, below a bound that grows from 1 s to 30 s', async () => {
  const draws = fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(draws, fc.nat({ max: 7 }), async (drawn, maxRetries) => {
      const attemptedAt: number[] = [];
      const fixture = new StartupFixture([], { breakerThreshold: 100 }, () => drawn[attemptedAt.length - 1] ?? 0.5);
      const init = (): never => {
        attemptedAt.push(fixture.clock.now());
        throw new Error('broken');
      };
      // Those after the last retry are made in the background, and wait as if nothing had changed.
      fixture.manager.register({ name: 'cluster', priority: 'LOW', maxRetries, init });
      await fixture.manager.start();
      await fixture.clock.advance(HOUR_MS);
      const waits = attemptedAt.slice(1, 9).map((atMs, index) => atMs - (attemptedAt[index] ?? 0));
      const bounds = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
      waits.forEach((waitMs, index) => {
        expect(waitMs).toBeCloseTo((drawn[index] ?? 0) * (bounds[index] ?? 0), 3);
      });
      const stop = fixture.manager.shutdown();
      await fixture.clock.advance(HOUR_MS);
      await stop;
    }),
    { numRuns: 50 },
  );
});

it('ends in order when it is stopped at any moment of the start', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, fc.nat({ max: 60_000 }), async (all, atMs) => {
      const fixture = new StartupFixture(all);
      const start = fixture.manager.start();
      await fixture.clock.advance(atMs);
      const stop = fixture.manager.shutdown();
      await fixture.clock.advance(HOUR_MS);
      await Promise.all([start, stop]);
      check(all, fixture);
      expect(fixture.clock.sleeping).toBe(0);
    }),
    { numRuns: 300 },
  );
});
