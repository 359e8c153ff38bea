import { RecordingLogger } from '@smart-router/logging/testing';
import { ManualClock } from '@smart-router/scheduling/testing';
import { LeaderControllerFixture } from '../testing/leader-controller-fixture';
import { dutyLoop, type LeaderTask } from './leader-task';

const INTERVAL_MS = 60_000;
const LONGER_THAN_ANY_BACK_OFF_MS = 120_000;

/** Counts its runs, and fails while it is told to. */
class CountingDuty implements LeaderTask {
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

it('tells an outage once, goes on trying, and tells when it is over', async () => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const duty = new CountingDuty();
  const stopping = new AbortController();
  duty.failure = new Error('pods: patch is forbidden');
  const running = dutyLoop(duty, { clock, logger, random: () => 0.5 }).run(stopping.signal);
  await clock.advance(10 * LONGER_THAN_ANY_BACK_OFF_MS);
  const failedRuns = duty.runs;
  duty.failure = null;
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
  const duty = new CountingDuty();
  fixture.duties.push(duty);
  expect(duty.runs).toBe(0);
  await fixture.work.start();
  await fixture.clock.advance(INTERVAL_MS);
  const runs = duty.runs;
  await fixture.work.stop();
  await fixture.clock.advance(10 * INTERVAL_MS);

  expect(runs).toBe(2);
  expect(duty.runs).toBe(runs);
});

it('keeps no other work from going on when it fails', async () => {
  const fixture = new LeaderControllerFixture();
  const duty = new CountingDuty();
  duty.failure = new Error('away');
  fixture.duties.push(duty);
  await fixture.work.start();

  expect(await fixture.assigned()).toEqual({ gold: 2, overflow: 0 });
});
