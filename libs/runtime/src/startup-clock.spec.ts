import { StartupRecord } from './health/startup-record';
import { StartupClock } from './startup-clock';

it('records the steps of a start in their order, with dependencies that failed', async () => {
  const clock = new StartupClock();
  clock.lap('settings');
  const failures: unknown[] = [];
  const gone = Object.assign(new Error('10.0.0.1 is gone'), { code: 'ECONNREFUSED' });
  await clock.check(
    [
      ['store', () => Promise.resolve()],
      ['cluster', () => Promise.reject(gone)],
    ],
    (...failure) => failures.push(failure),
  );
  const record = new StartupRecord();
  expect(record.report().initialized).toBe(false);
  clock.writeTo(record);
  const { initialized, components } = record.report();
  expect(initialized).toBe(true);
  expect(Object.entries(components)).toEqual([
    ['settings', { status: 'ready', duration_ms: expect.any(Number) }],
    ['store', { status: 'ready', duration_ms: expect.any(Number) }],
    ['cluster', { status: 'failed', duration_ms: expect.any(Number), error: 'ECONNREFUSED' }],
  ]);
  expect(failures).toEqual([['cluster', gone]]);
});
