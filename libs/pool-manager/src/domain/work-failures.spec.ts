import { RecordingLogger } from '@smart-router/logging/testing';
import { StoreUnavailableError } from '@smart-router/routing-store';
import { WorkFailures } from './work-failures';

const AWAY = new StoreUnavailableError(new Error('Connection is closed.'));

describe('WorkFailures', () => {
  it('logs an outage of the store once for all kinds of work, without an error, and its end once', () => {
    const logger = new RecordingLogger();
    const failures = new WorkFailures(logger);
    for (let attempt = 1; attempt <= 3; attempt++) {
      for (const work of ['reconcile', 'cleanup', 'moves']) failures.failed(work, AWAY, attempt);
    }
    for (const work of ['moves', 'reconcile', 'cleanup', 'reconcile']) failures.succeeded(work);
    expect(logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'leader work waits for the store'],
      ['info', 'leader work has the store again'],
    ]);
  });

  it('logs the next outage again', () => {
    const logger = new RecordingLogger();
    const failures = new WorkFailures(logger);
    for (let outage = 0; outage < 2; outage++) {
      failures.failed('reconcile', AWAY, 1);
      failures.succeeded('reconcile');
    }
    expect(logger.messages('warn')).toHaveLength(2);
  });

  it('logs any other failure as an error each time', () => {
    const logger = new RecordingLogger();
    const failures = new WorkFailures(logger);
    for (let attempt = 1; attempt <= 2; attempt++) failures.failed('cleanup', new Error('broken'), attempt);
    failures.succeeded('cleanup');
    expect(logger.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['error', expect.objectContaining({ work: 'cleanup', failures_in_a_row: 1 })],
      ['error', expect.objectContaining({ work: 'cleanup', failures_in_a_row: 2 })],
    ]);
  });
});
