import { TimeoutError } from '@smart-router/scheduling';
import { StartupFixture } from './testing/startup-fixture';
import { failureCode, startupTable } from './startup-report';

const report = async () => {
  const fixture = new StartupFixture([
    { name: 'config' },
    { name: 'cluster', priority: 'MEDIUM', steps: ['fail'], maxRetries: 0 },
    { name: 'leader', priority: 'HIGH', dependencies: ['config', 'cluster'] },
    { name: 'http', after: ['leader'] },
  ]);
  await fixture.manager.start();
  return fixture.manager.report();
};

describe('startupReport', () => {
  it('says of each component how it is, and of all how many are how', async () => {
    const since = '1970-01-01T00:00:00.000Z';
    const rest = { duration_ms: 0, retries: 0, since };
    expect(await report()).toEqual({
      initialized: true,
      components: {
        config: { status: 'SUCCESS', priority: 'CRITICAL', depends_on: [], ...rest },
        cluster: { status: 'DEGRADED', priority: 'MEDIUM', depends_on: [], error: 'FAILED', ...rest },
        leader: {
          status: 'BLOCKED',
          priority: 'HIGH',
          depends_on: ['config', 'cluster'],
          error: 'DEPENDENCY_NOT_STARTED',
          ...rest,
        },
        http: { status: 'SUCCESS', priority: 'CRITICAL', depends_on: [], ...rest },
      },
      metrics: { initialized_after_ms: 0, components: 4, started: 2, degraded: 1, blocked: 1, retries: 0 },
    });
  });
});

describe('startupTable', () => {
  it('has a line for each component', async () => {
    expect(startupTable(await report())).toBe(
      [
        'component  priority  status    ms  retries  error',
        'config     CRITICAL  SUCCESS   0   0',
        'cluster    MEDIUM    DEGRADED  0   0        FAILED',
        'leader     HIGH      BLOCKED   0   0        DEPENDENCY_NOT_STARTED',
        'http       CRITICAL  SUCCESS   0   0',
      ].join('\n'),
    );
  });
});

describe('failureCode', () => {
  it.each([
    [Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new TimeoutError('starting store', 1000), 'DEADLINE_EXCEEDED'],
  ])('returns the code when there is one: %s', (error, code) => {
    expect(failureCode(error)).toBe(code);
  });

  it.each([new Error('/etc/passwd'), { code: 'WRONGPASS for user x' }, { code: 7 }, 'text', null, undefined])(
    'returns FAILED when there is no code: %s',
    (error) => {
      expect(failureCode(error)).toBe('FAILED');
    },
  );
});
