import { RecordingLogger } from '@smart-router/logging/testing';
import { ManualClock } from '@smart-router/scheduling/testing';
import { LeaderControllerFixture } from '../testing/leader-controller-fixture';
import { taskLoop, type LeaderTask } from './leader-task';

const INTERVAL_MS = 60_000;
const LONGER_THAN_ANY_BACK_OFF_MS = 120_000;

/** Counts its runs, and fails while a test wants it to. */
class CountingTask implements LeaderTask {
  readonly name = 'counting';
  readonly intervalMs = INTERVAL_MS;
  runs = 0;
  failure: Error | null = null;

  async run(): Promise<{ againAfterMs: number }> {
    this.runs++;
    if (this.failure) throw this.failure;
    return { againAfterMs: INTERVAL_MS };
  }
}

it('logs an outage once, keeps trying, and logs when it is over', async () => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const task = new CountingTask();
  const stopping = new AbortController();
  task.failure = new Error('pods: patch is forbidden');
  const running = taskLoop(task, { clock, logger, random: () => 0.5 }).run(stopping.signal);
  await clock.advance(10 * LONGER_THAN_ANY_BACK_OFF_MS);
  const failedRuns = task.runs;
  task.failure = null;
  await clock.advance(LONGER_THAN_ANY_BACK_OFF_MS);
  stopping.abort();
  await running;

  expect(failedRuns).toBeGreaterThan(5);
  expect(logger.lines.map(({ message }) => message)).toEqual([
    'leader work failed, it will be repeated until it succeeds',
    'leader work succeeds again',
  ]);
});

it('runs while the process leads, and never otherwise', async () => {
  const fixture = new LeaderControllerFixture();
  const task = new CountingTask();
  fixture.tasks.push(task);
  expect(task.runs).toBe(0);
  await fixture.work.start();
  await fixture.clock.advance(INTERVAL_MS);
  const runs = task.runs;
  await fixture.work.stop();
  await fixture.clock.advance(10 * INTERVAL_MS);

  expect(runs).toBe(2);
  expect(task.runs).toBe(runs);
});

it('stops no other work when it fails', async () => {
  const fixture = new LeaderControllerFixture();
  const task = new CountingTask();
  task.failure = new Error('away');
  fixture.tasks.push(task);
  await fixture.work.start();

  expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
});
