import { RecordingLogger } from '@smart-router/logging/testing';
import type { ComponentStatus } from './component-definition';
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
  /** What is written while a component goes from one status to the next. */
  const logged = (...statuses: ComponentStatus[]): readonly string[] => {
    const logger = new RecordingLogger();
    const log = new StartupLog(logger);
    statuses.slice(1).forEach((status, index) => log.changed(snapshot(status), statuses[index] as ComponentStatus));
    return logger.lines.map(({ message }) => message);
  };

  it.each<[string, ComponentStatus[], string[]]>([
    ['starts', ['PENDING', 'RUNNING', 'SUCCESS', 'STOPPED'], []],
    ['fails for good', ['PENDING', 'RUNNING', 'FAILED'], []],
    ['is lost and comes back', ['SUCCESS', 'DEGRADED', 'SUCCESS'], ['a component is lost', 'a component is back']],
    [
      'starts late',
      ['RUNNING', 'DEGRADED', 'SUCCESS'],
      ['a component is degraded, serving without it', 'a component is back'],
    ],
    [
      'was blocked',
      ['PENDING', 'BLOCKED', 'RUNNING', 'SUCCESS'],
      ['a component waits for one that is degraded', 'a component is back'],
    ],
    [
      'is started anew in vain, then well',
      ['SUCCESS', 'DEGRADED', 'STOPPED', 'RUNNING', 'DEGRADED', 'STOPPED', 'RUNNING', 'SUCCESS'],
      ['a component is lost', 'a component is back'],
    ],
  ])('writes each loss and each recovery once of a component that %s', (_, statuses, messages) => {
    expect(logged(...statuses)).toEqual(messages);
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
