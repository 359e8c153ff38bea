import { RecordingLogger } from '@smart-router/logging/testing';
import type { ComponentStatus } from './component';
import { StartupLog } from './startup-log';
import type { ComponentSnapshot } from './startup-observer';

const snapshot = (status: ComponentStatus, error: unknown = null): ComponentSnapshot => ({
  name: 'store',
  priority: 'HIGH',
  status,
  durationMs: 12.4,
  retries: 1,
  error,
  dependencies: [],
  sinceMs: 0,
  breaker: 'closed',
});

describe('StartupLog', () => {
  const told = (status: ComponentStatus, before: ComponentStatus): RecordingLogger => {
    const logger = new RecordingLogger();
    new StartupLog(logger).changed(snapshot(status), before);
    return logger;
  };

  it.each<[ComponentStatus, ComponentStatus, string[]]>([
    ['SUCCESS', 'DEGRADED', ['a component is back']],
    ['DEGRADED', 'SUCCESS', ['a component is lost']],
    ['DEGRADED', 'RUNNING', ['a component is degraded, serving without it']],
    ['BLOCKED', 'PENDING', ['a component waits for one that is degraded']],
    ['FAILED', 'RUNNING', []],
    ['SUCCESS', 'RUNNING', []],
    ['STOPPED', 'SUCCESS', []],
  ])('writes what is worth knowing when a component becomes %s after %s', (status, before, messages) => {
    expect(told(status, before).lines.map(({ message }) => message)).toEqual(messages);
  });

  it('writes every failed attempt of the start, and none of those in the background', () => {
    const logger = new RecordingLogger();
    const log = new StartupLog(logger);
    log.attemptFailed(snapshot('RUNNING', new Error('gone')));
    log.attemptFailed(snapshot('DEGRADED', new Error('gone')));
    expect(logger.messages('warn')).toEqual(['starting a component failed']);
  });

  it('has the error where it can be found', () => {
    const logger = new RecordingLogger();
    const error = new Error('stuck');
    new StartupLog(logger).cleanupFailed(snapshot('SUCCESS'), error);
    expect(logger.lines[0]?.fields).toMatchObject({ component: 'store', err: error, duration_ms: 12 });
  });
});
