import { settled } from '@smart-router/scheduling/testing';
import type { Script } from './testing/scripted-component';
import { StartupFixture } from './testing/startup-fixture';

/** How long it waits for an attempt that does not give up, and for a step of the stop. */
const CLEANUP_MS = 10_000;

describe('StartupManager, at the start', () => {
  it('starts what depends on each other in order, and stops it in reverse', async () => {
    const fixture = new StartupFixture([
      { name: 'http', dependencies: ['store', 'config'] },
      { name: 'store', dependencies: ['config'] },
      { name: 'config' },
    ]);
    expect(await fixture.manager.start()).toEqual({ kind: 'started' });
    await fixture.manager.shutdown();
    expect(fixture.trace).toEqual(['+config', '+store', '+http', '-http', '-store', '-config']);
  });

  it('starts in parallel what does not depend on each other', async () => {
    const fixture = new StartupFixture([
      { name: 'slow', priority: 'HIGH', steps: ['hang'] },
      { name: 'other', priority: 'HIGH' },
      { name: 'third', dependencies: ['other'] },
    ]);
    expect(await fixture.manager.start()).toEqual({ kind: 'started' });
    expect(fixture.statuses()).toEqual({ slow: 'RUNNING', other: 'SUCCESS', third: 'SUCCESS' });
  });

  it('waits for what is to go first, and starts without it', async () => {
    const fixture = new StartupFixture([
      { name: 'config', priority: 'HIGH', steps: ['fail'], maxRetries: 0 },
      { name: 'http', after: ['config'] },
    ]);
    expect(await fixture.manager.start()).toEqual({ kind: 'started' });
    expect(fixture.trace).toEqual(['!config', '+http']);
  });

  it('tries again with a growing wait', async () => {
    const fixture = new StartupFixture([{ name: 'store', steps: ['fail', 'fail', 'succeed'] }]);
    const start = fixture.manager.start();
    await fixture.clock.advance(499);
    expect(fixture.trace).toEqual(['!store']);
    await fixture.clock.advance(1);
    expect(fixture.trace).toEqual(['!store', '!store']);
    await fixture.clock.advance(1_000);
    expect(await start).toEqual({ kind: 'started' });
    expect(fixture.manager.report().components['store']).toMatchObject({ retries: 2, duration_ms: 1_500 });
  });

  it('stops everything in reverse when a critical component fails', async () => {
    const fixture = new StartupFixture([
      { name: 'a' },
      { name: 'b', dependencies: ['a'] },
      { name: 'c', dependencies: ['b'], steps: ['fail'], maxRetries: 0 },
      { name: 'd', dependencies: ['c'] },
    ]);
    const error = new Error('c is broken');
    expect(await fixture.manager.start()).toEqual({ kind: 'failed', component: 'c', error });
    expect(fixture.trace).toEqual(['+a', '+b', '!c', '-b', '-a']);
    expect(fixture.statuses()).toEqual({ a: 'STOPPED', b: 'STOPPED', c: 'FAILED', d: 'STOPPED' });
    expect(fixture.clock.sleeping).toBe(0);
  });

  it('makes no further attempt when the breaker is open', async () => {
    const fixture = new StartupFixture([{ name: 'store', steps: ['fail'], maxRetries: 9 }], { breakerThreshold: 2 });
    const start = fixture.manager.start();
    await fixture.clock.advance(60_000);
    const error = { code: 'CIRCUIT_OPEN', message: expect.stringMatching(/: store is broken$/) };
    expect(await start).toMatchObject({ kind: 'failed', component: 'store', error });
    expect(fixture.trace).toEqual(['!store', '!store']);
  });

  it('gives an attempt up that takes too long', async () => {
    const fixture = new StartupFixture([{ name: 'store', steps: ['hang', 'succeed'] }], { timeoutMs: 5_000 });
    const start = fixture.manager.start();
    await fixture.clock.advance(6_000 + CLEANUP_MS);
    expect(await start).toEqual({ kind: 'started' });
    expect(fixture.observer.failures).toEqual(['store: Error: starting store: no result within 5000 ms']);
  });

  it('fails when the time for the whole start runs out', async () => {
    const fixture = new StartupFixture([{ name: 'store', steps: ['hang'] }], { timeoutMs: 5_000, deadlineMs: 3_000 });
    const start = fixture.manager.start();
    await fixture.clock.advance(3_000 + CLEANUP_MS);
    expect(await start).toMatchObject({ kind: 'failed', component: 'store', error: { code: 'START_DEADLINE' } });
  });

  it.each([
    ['the policy allows it', true, 'started', 'DEGRADED'],
    ['the policy does not allow it', false, 'failed', 'FAILED'],
  ] as const)('without a HIGH component: %s', async (_, degradedAllowed, kind, status) => {
    const scripts = [{ name: 'leader', priority: 'HIGH', steps: ['fail'], maxRetries: 0 }] as const;
    const fixture = new StartupFixture(scripts, { degradedAllowed });
    expect(await fixture.manager.start()).toMatchObject({ kind });
    await settled();
    expect(fixture.statuses()).toEqual({ leader: status });
  });

  it.each(['MEDIUM', 'LOW'] as const)('serves without a %s component, whatever the policy', async (priority) => {
    const scripts = [{ name: 'metrics', priority, steps: ['fail'], maxRetries: 0 }] as const;
    const fixture = new StartupFixture(scripts, { degradedAllowed: false });
    expect(await fixture.manager.start()).toEqual({ kind: 'started' });
    await settled();
    expect(fixture.statuses()).toEqual({ metrics: 'DEGRADED' });
  });

  it('fails when a critical component depends on one that is degraded', async () => {
    const fixture = new StartupFixture([
      { name: 'metrics', priority: 'LOW', steps: ['fail'], maxRetries: 0 },
      { name: 'http', dependencies: ['metrics'] },
    ]);
    expect(await fixture.manager.start()).toMatchObject({
      kind: 'failed',
      component: 'http',
      error: { code: 'DEPENDENCY_NOT_STARTED' },
    });
  });

  it.each([
    ['the policy allows it', true, { kind: 'started' }, { cluster: 'DEGRADED', leader: 'BLOCKED' }],
    ['the policy does not', false, { kind: 'failed', component: 'leader' }, { cluster: 'STOPPED', leader: 'FAILED' }],
  ] as const)('without a HIGH component that waits for a degraded one: %s', async (_, degradedAllowed, end, states) => {
    const scripts: Script[] = [
      { name: 'cluster', priority: 'MEDIUM', steps: ['fail'], maxRetries: 0 },
      { name: 'leader', priority: 'HIGH', dependencies: ['cluster'] },
    ];
    const fixture = new StartupFixture(scripts, { degradedAllowed });
    expect(await fixture.manager.start()).toMatchObject(end);
    await settled();
    expect(fixture.statuses()).toEqual(states);
  });

  it('starts once and in order, and ends with the first failure, when it is not to be robust', async () => {
    const fixture = new StartupFixture(
      [{ name: 'a' }, { name: 'b', priority: 'LOW', steps: ['fail', 'succeed'] }, { name: 'c' }],
      { robust: false },
    );
    expect(await fixture.manager.start()).toMatchObject({ kind: 'failed', component: 'b' });
    expect(fixture.trace).toEqual(['+a', '!b', '-a']);
  });

  it('starts nothing when the dependencies are not in order', async () => {
    const fixture = new StartupFixture([{ name: 'a' }, { name: 'b', dependencies: ['c'] }]);
    await expect(fixture.manager.start()).rejects.toThrow('component b depends on c, which is not registered');
    expect(fixture.trace).toEqual([]);
  });

  it('refuses a second start', async () => {
    const fixture = new StartupFixture([{ name: 'a' }]);
    await fixture.manager.start();
    await expect(fixture.manager.start()).rejects.toThrow('the start has begun already');
  });
});

describe('StartupManager, at the end', () => {
  it('stops during the start: aborts attempts that run and stops what has started', async () => {
    const fixture = new StartupFixture([
      { name: 'a' },
      { name: 'b', dependencies: ['a'], steps: ['hang'] },
      { name: 'c', dependencies: ['b'] },
    ]);
    const start = fixture.manager.start();
    await settled();
    const stop = fixture.manager.shutdown();
    await fixture.clock.advance(CLEANUP_MS);
    await stop;
    expect(await start).toEqual({ kind: 'stopped' });
    expect(fixture.trace).toEqual(['+a', '-a']);
    expect(fixture.statuses()).toEqual({ a: 'STOPPED', b: 'STOPPED', c: 'STOPPED' });
    expect(fixture.clock.sleeping).toBe(0);
  });

  it('stops during the start: stops what comes late before what it depends on', async () => {
    const fixture = new StartupFixture([{ name: 'store' }]);
    fixture.manager.register({
      name: 'leader',
      priority: 'CRITICAL',
      dependencies: ['store'],
      init: (signal) => new Promise<string>((resolve) => (signal.onabort = () => resolve('leader'))),
      cleanup: () => void fixture.trace.push('-leader'),
    });
    const start = fixture.manager.start();
    await settled();
    await fixture.manager.shutdown();
    expect(await start).toEqual({ kind: 'stopped' });
    expect(fixture.trace).toEqual(['+store', '-leader', '-store']);
  });

  it('attempts every step when one throws and one hangs', async () => {
    const fixture = new StartupFixture(
      [
        { name: 'a' },
        { name: 'b', dependencies: ['a'], cleanup: 'fail' },
        { name: 'c', dependencies: ['b'], cleanup: 'hang' },
      ],
      { cleanupTimeoutMs: 1_000 },
    );
    await fixture.manager.start();
    const stop = fixture.manager.shutdown();
    await fixture.clock.advance(1_000);
    await stop;
    expect(fixture.trace.slice(3)).toEqual(['-c', '-b', '-a']);
    expect(fixture.observer.cleanupFailures).toEqual([
      'c: Error: stopping c: no result within 1000 ms',
      'b: Error: b is stuck',
    ]);
  });

  it('stops each once, however often it is asked', async () => {
    const fixture = new StartupFixture([{ name: 'a' }]);
    await fixture.manager.start();
    await Promise.all([fixture.manager.shutdown(), fixture.manager.shutdown()]);
    expect(fixture.trace).toEqual(['+a', '-a']);
  });
});
