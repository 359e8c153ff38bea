import { ReconcileSchedule } from './reconcile-schedule';

const INTERVAL_MS = 60_000;

/** A schedule after the first resync, which took a second and ended at 1000. */
function afterFirstPass(): ReconcileSchedule {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.resynced(1_000);
  return schedule;
}

function kindAt(schedule: ReconcileSchedule, now: number): string {
  const task = schedule.begin(now);
  return task.kind === 'pods' ? [...task.changes].map(([name, kind]) => `${name} ${kind}`).join() : task.kind;
}

it('begins with a resync', () => {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.note({ kind: 'seen', podName: 'a' });
  expect(kindAt(schedule, 0)).toBe('resync');
});

it('takes the pods that have changed, with what was last reported of each', () => {
  const schedule = afterFirstPass();
  schedule.note({ kind: 'seen', podName: 'a' });
  schedule.note({ kind: 'seen', podName: 'b' });
  schedule.note({ kind: 'gone', podName: 'a' });
  expect(kindAt(schedule, 2_000)).toBe('a gone,b seen');
});

it('takes a resync when the interval is over, however many pods have changed meanwhile', () => {
  const schedule = afterFirstPass();
  schedule.note({ kind: 'seen', podName: 'a' });
  expect(kindAt(schedule, 30_000)).toBe('a seen');
  expect(schedule.resyncDueInMs(30_000)).toBe(31_000);
  schedule.note({ kind: 'seen', podName: 'a' });
  expect(kindAt(schedule, 61_000)).toBe('resync');
});

it.each<[string, (schedule: ReconcileSchedule) => void]>([
  ['any pod may have changed', (schedule) => schedule.note({ kind: 'any' })],
  ['a run has failed', (schedule) => schedule.failed()],
])('takes a resync when %s', (_, cause) => {
  const schedule = afterFirstPass();
  schedule.note({ kind: 'seen', podName: 'a' });
  cause(schedule);
  expect(kindAt(schedule, 2_000)).toBe('resync');
});

it('takes a resync again when that is asked for during one', () => {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.note({ kind: 'any' });
  schedule.resynced(1_000);
  expect(schedule.resyncDueInMs(1_000)).toBe(0);
});

it('leaves a change during a resync to the next run', () => {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.note({ kind: 'seen', podName: 'a' });
  schedule.resynced(1_000);
  expect(kindAt(schedule, 1_200)).toBe('a seen');
});

it('takes a resync as soon as the one before wants it', () => {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.resynced(1_000, 5_000);
  expect(schedule.resyncDueInMs(1_000)).toBe(5_000);
});

it('keeps resyncs to a fifth of the time when single pods ask for them', () => {
  const schedule = afterFirstPass();
  schedule.wantResyncSoon(1_500);
  expect(schedule.resyncDueInMs(1_500)).toBe(3_500);
  const later = afterFirstPass();
  later.wantResyncSoon(20_000);
  expect(later.resyncDueInMs(20_000)).toBe(0);
});
