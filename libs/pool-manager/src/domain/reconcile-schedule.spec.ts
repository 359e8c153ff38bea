import { ReconcileSchedule } from './reconcile-schedule';

const INTERVAL_MS = 60_000;

/** A schedule after the first pass over everything, which took a second and ended at 1000. */
function afterFirstPass(): ReconcileSchedule {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.doneWithEverything(1_000);
  return schedule;
}

function kindAt(schedule: ReconcileSchedule, now: number): string {
  const task = schedule.begin(now);
  return task.kind === 'pods' ? [...task.changes].map(([name, kind]) => `${name} ${kind}`).join() : task.kind;
}

it('begins with everything', () => {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.note({ kind: 'seen', podName: 'a' });
  expect(kindAt(schedule, 0)).toBe('everything');
});

it('looks at the pods that have changed, with the last that was told of each', () => {
  const schedule = afterFirstPass();
  schedule.note({ kind: 'seen', podName: 'a' });
  schedule.note({ kind: 'seen', podName: 'b' });
  schedule.note({ kind: 'gone', podName: 'a' });
  expect(kindAt(schedule, 2_000)).toBe('a gone,b seen');
});

it('looks at everything when the interval is over, however many pods have changed meanwhile', () => {
  const schedule = afterFirstPass();
  schedule.note({ kind: 'seen', podName: 'a' });
  expect(kindAt(schedule, 30_000)).toBe('a seen');
  expect(schedule.everythingDueInMs(30_000)).toBe(31_000);
  schedule.note({ kind: 'seen', podName: 'a' });
  expect(kindAt(schedule, 61_000)).toBe('everything');
});

it.each<[string, (schedule: ReconcileSchedule) => void]>([
  ['any pod may have changed', (schedule) => schedule.note({ kind: 'any' })],
  ['a pass has failed', (schedule) => schedule.failed()],
])('looks at everything when %s', (_, cause) => {
  const schedule = afterFirstPass();
  schedule.note({ kind: 'seen', podName: 'a' });
  cause(schedule);
  expect(kindAt(schedule, 2_000)).toBe('everything');
});

it('looks at everything again when that is asked for during a pass', () => {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.note({ kind: 'any' });
  schedule.doneWithEverything(1_000);
  expect(schedule.everythingDueInMs(1_000)).toBe(0);
});

it('leaves a change during a pass over everything to the next pass', () => {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.note({ kind: 'seen', podName: 'a' });
  schedule.doneWithEverything(1_000);
  expect(kindAt(schedule, 1_200)).toBe('a seen');
});

it('looks at everything as soon as the pass before wants it', () => {
  const schedule = new ReconcileSchedule(INTERVAL_MS);
  schedule.begin(0);
  schedule.doneWithEverything(1_000, 5_000);
  expect(schedule.everythingDueInMs(1_000)).toBe(5_000);
});

it('keeps passes over everything to a fifth of the time when single pods ask for them', () => {
  const schedule = afterFirstPass();
  schedule.wantEverythingSoon(1_500);
  expect(schedule.everythingDueInMs(1_500)).toBe(3_500);
  const later = afterFirstPass();
  later.wantEverythingSoon(20_000);
  expect(later.everythingDueInMs(20_000)).toBe(0);
});
