import { settled } from '@smart-router/scheduling/testing';
import { StartupFixture } from './testing/startup-fixture';

describe('StartupManager, while the process runs', () => {
  it('starts a degraded component in the background, and then what was blocked by it', async () => {
    const fixture = new StartupFixture([
      { name: 'cluster', priority: 'MEDIUM', steps: ['fail', 'fail', 'succeed'], maxRetries: 0 },
      { name: 'leader', priority: 'HIGH', dependencies: ['cluster'] },
      { name: 'http' },
    ]);
    expect(await fixture.manager.start()).toEqual({ kind: 'started' });
    await settled();
    expect(fixture.statuses()).toEqual({ cluster: 'DEGRADED', leader: 'BLOCKED', http: 'SUCCESS' });
    await fixture.clock.advance(1_500);
    expect(fixture.statuses()).toEqual({ cluster: 'SUCCESS', leader: 'SUCCESS', http: 'SUCCESS' });
    expect(fixture.observer.changes.filter((change) => change.startsWith('cluster'))).toEqual([
      'cluster PENDING>RUNNING',
      'cluster RUNNING>DEGRADED',
      'cluster DEGRADED>SUCCESS',
    ]);
  });

  it('probes once after the recovery time when the breaker is open', async () => {
    const fixture = new StartupFixture([{ name: 'cluster', priority: 'LOW', steps: ['fail'], maxRetries: 2 }]);
    await fixture.manager.start();
    await fixture.clock.advance(10_000);
    expect(fixture.trace).toHaveLength(3);
    await fixture.clock.advance(300_000);
    expect(fixture.trace).toHaveLength(4);
    expect(fixture.observer.attempts.at(-1)).toBe('cluster: half-open');
  });

  it('counts the attempts in the background, and their time, as those of the start', async () => {
    const fixture = new StartupFixture([
      { name: 'cluster', priority: 'MEDIUM', steps: ['fail', 'fail', 'fail', 'succeed'], maxRetries: 1 },
    ]);
    const start = fixture.manager.start();
    await fixture.clock.advance(500);
    await start;
    expect(fixture.manager.report().components['cluster']).toMatchObject({ retries: 1, duration_ms: 500 });
    await fixture.clock.advance(1_000);
    expect(fixture.manager.report().components['cluster']).toMatchObject({ retries: 2, duration_ms: 1_500 });
    await fixture.clock.advance(300_000);
    expect(fixture.manager.report().components['cluster']).toMatchObject({
      status: 'SUCCESS',
      retries: 3,
      duration_ms: 301_500,
      since: new Date(301_500).toISOString(),
    });
  });

  it('probes again as soon as the component itself asks for', async () => {
    const fixture = new StartupFixture([
      { name: 'cluster', priority: 'LOW', steps: ['fail'], maxRetries: 2, recoveryMs: 5_000 },
    ]);
    await fixture.manager.start();
    await fixture.clock.advance(10_000);
    const before = fixture.trace.length;
    // The wait between two attempts is half of its bound here, which is 30 s at most.
    await fixture.clock.advance(15_000);
    expect(fixture.trace.length).toBeGreaterThan(before);
  });

  it('reports once that a component is lost, and once that it is back', async () => {
    let works = true;
    const healthCheck = (): Promise<unknown> => (works ? Promise.resolve() : Promise.reject(new Error('gone')));
    const fixture = new StartupFixture([{ name: 'store', healthCheck }], { healthIntervalMs: 1_000 });
    await fixture.manager.start();
    works = false;
    await fixture.clock.advance(5_000);
    expect(fixture.manager.report().components['store']).toMatchObject({ status: 'DEGRADED', error: 'FAILED' });
    works = true;
    await fixture.clock.advance(5_000);
    expect(fixture.observer.changes.slice(2)).toEqual(['store SUCCESS>DEGRADED', 'store DEGRADED>SUCCESS']);
    expect(fixture.trace).toEqual(['+store']);
  });

  it('counts a health check that does not answer as a loss', async () => {
    const healthCheck = (): Promise<unknown> => new Promise(() => undefined);
    const fixture = new StartupFixture([{ name: 'store', healthCheck }]);
    await fixture.manager.start();
    await fixture.clock.advance(1_000);
    expect(fixture.statuses()).toEqual({ store: 'DEGRADED' });
  });

  it('starts a component anew with all that depend on it', async () => {
    const fixture = new StartupFixture([
      { name: 'store' },
      { name: 'leader', dependencies: ['store'] },
      { name: 'http', dependencies: ['leader'] },
      { name: 'metrics' },
    ]);
    await fixture.manager.start();
    fixture.trace.length = 0;
    await fixture.manager.reinitialize('store');
    expect(fixture.trace).toEqual(['-http', '-leader', '-store', '+store', '+leader', '+http']);
  });

  it('continues without a component that does not start anew, and recovers it', async () => {
    const fixture = new StartupFixture([
      { name: 'store', steps: ['succeed', 'fail', 'succeed'], maxRetries: 0 },
      { name: 'http', dependencies: ['store'] },
    ]);
    await fixture.manager.start();
    await fixture.manager.reinitialize('store');
    expect(fixture.statuses()).toEqual({ store: 'DEGRADED', http: 'BLOCKED' });
    await fixture.clock.advance(1_000);
    expect(fixture.statuses()).toEqual({ store: 'SUCCESS', http: 'SUCCESS' });
  });

  it('does not wait for an open breaker when it is asked to start a component anew', async () => {
    const fixture = new StartupFixture([
      { name: 'cluster', priority: 'LOW', steps: ['fail', 'fail', 'fail', 'succeed'], maxRetries: 2 },
      { name: 'leader', priority: 'LOW', dependencies: ['cluster'] },
    ]);
    await fixture.manager.start();
    await fixture.clock.advance(10_000);
    expect(fixture.statuses()).toEqual({ cluster: 'DEGRADED', leader: 'BLOCKED' });
    await fixture.manager.reinitialize('cluster');
    expect(fixture.statuses()).toEqual({ cluster: 'SUCCESS', leader: 'SUCCESS' });
    expect(fixture.manager.report().components['cluster']).toMatchObject({ retries: 0, duration_ms: 0 });
  });

  it('begins no attempt before one that was given up has ended', async () => {
    const { fixture, trace, finishFirst } = slowAtFirst();
    await fixture.manager.start();
    await fixture.clock.advance(1_500);
    expect(trace).toEqual(['init 1']);
    finishFirst();
    await settled();
    expect(trace).toEqual(['init 1', 'cleanup 1', 'init 2']);
    expect(fixture.statuses()).toEqual({ slow: 'SUCCESS' });
  });

  it('waits in vain for an attempt that never ends no longer than a cleanup may take', async () => {
    const { fixture, trace } = slowAtFirst();
    await fixture.manager.start();
    await fixture.clock.advance(1_500 + 10_000);
    expect(trace).toEqual(['init 1', 'init 2']);
  });

  it('starts a component anew only when an attempt in the background has ended', async () => {
    const { fixture, trace, finishFirst } = slowAtFirst();
    await fixture.manager.start();
    const operation = fixture.manager.reinitialize('slow');
    await settled();
    expect(trace).toEqual(['init 1']);
    await fixture.clock.advance(1_000);
    finishFirst();
    await operation;
    expect(trace).toEqual(['init 1', 'cleanup 1', 'init 2']);
  });

  it('stops what was started anew no sooner than those that it goes before', async () => {
    const fixture = new StartupFixture([
      { name: 'cleanups', priority: 'HIGH' },
      { name: 'http', after: ['cleanups'] },
    ]);
    await fixture.manager.start();
    await fixture.manager.reinitialize('cleanups');
    await fixture.manager.shutdown();
    expect(fixture.trace).toEqual(['+cleanups', '+http', '-cleanups', '+cleanups', '-http', '-cleanups']);
  });

  it('restarts one after the other', async () => {
    const fixture = new StartupFixture([{ name: 'store' }]);
    await fixture.manager.start();
    await Promise.all([fixture.manager.reinitialize('store'), fixture.manager.reinitialize('store')]);
    expect(fixture.trace).toEqual(['+store', '-store', '+store', '-store', '+store']);
  });

  it('ignores an answer about a resource that was stopped meanwhile', async () => {
    let fail: (error: Error) => void = () => undefined;
    const checks: Promise<unknown>[] = [new Promise((_, reject) => (fail = reject))];
    const healthCheck = (): Promise<unknown> => checks.shift() ?? Promise.resolve();
    const fixture = new StartupFixture([{ name: 'store', healthCheck }]);
    await fixture.manager.start();
    const check = fixture.manager.checkHealth();
    await fixture.manager.reinitialize('store');
    fail(new Error('closed'));
    await check;
    await settled();
    expect(fixture.observer.changes).not.toContain('store SUCCESS>DEGRADED');
  });

  it('carries out nothing that is asked for while it stops, so that the order of the stop holds', async () => {
    const fixture = new StartupFixture([{ name: 'store' }, { name: 'http', dependencies: ['store'], cleanup: 'hang' }]);
    await fixture.manager.start();
    const stop = fixture.manager.shutdown();
    await settled();
    await expect(fixture.manager.reinitialize('store')).rejects.toMatchObject({ code: 'STOPPING' });
    expect(fixture.trace).toEqual(['+store', '+http', '-http']);
    await fixture.clock.advance(60_000);
    await stop;
    expect(fixture.trace.at(-1)).toBe('-store');
  });

  it('says what keeps it from restarting a component at once', async () => {
    const fixture = new StartupFixture([{ name: 'store' }, { name: 'slow', priority: 'LOW', steps: ['hang'] }]);
    const seen = [fixture.manager.busyWith];
    await fixture.manager.start();
    seen.push(fixture.manager.busyWith);
    const shutdownMs = 60_000;
    const restart = fixture.manager.reinitialize('store');
    await fixture.clock.advance(120_000 + shutdownMs);
    await restart;
    seen.push(fixture.manager.busyWith);
    const another = fixture.manager.reinitialize('store');
    seen.push(fixture.manager.busyWith);
    await another;
    seen.push(fixture.manager.busyWith);
    const stop = fixture.manager.shutdown();
    seen.push(fixture.manager.busyWith);
    await fixture.clock.advance(shutdownMs);
    await stop;
    expect(seen).toEqual(['start', 'start', null, 'restart', null, 'stop']);
  });

  it('says what is restarted with a component, in the order of the start', async () => {
    const fixture = new StartupFixture([
      { name: 'http', dependencies: ['leader'] },
      { name: 'leader', dependencies: ['store'] },
      { name: 'store' },
      { name: 'other', after: ['store'] },
    ]);
    expect(fixture.manager.restartedWith('store')).toEqual(['store', 'leader', 'http']);
    expect(fixture.manager.restartedWith('other')).toEqual(['other']);
    expect(() => fixture.manager.restartedWith('stor')).toThrow('no component is called stor');
  });

  it('names a component that there is not, and those that there are', async () => {
    const fixture = new StartupFixture([{ name: 'store' }]);
    await fixture.manager.start();
    await expect(fixture.manager.reinitialize('stor')).rejects.toThrow(
      'no component is called stor: known here: store',
    );
  });

  it('stops what comes after the process was stopped', async () => {
    let finish: () => void = () => undefined;
    const fixture = new StartupFixture([]);
    const stopped: string[] = [];
    fixture.manager.register({
      name: 'slow',
      priority: 'LOW',
      init: () => new Promise<string>((resolve) => (finish = () => resolve('slow'))),
      cleanup: (resource: string) => void stopped.push(resource),
    });
    await fixture.manager.start();
    const stop = fixture.manager.shutdown();
    await fixture.clock.advance(10_000);
    await stop;
    finish();
    await settled();
    expect(stopped).toEqual(['slow']);
  });
});

/** A component whose first attempt runs on after its time of a second is over, until `finishFirst`. */
function slowAtFirst(): { fixture: StartupFixture; trace: string[]; finishFirst: () => void } {
  const trace: string[] = [];
  let finishFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => (finishFirst = resolve));
  const fixture = new StartupFixture([]);
  let attempts = 0;
  fixture.manager.register({
    name: 'slow',
    priority: 'LOW',
    timeoutMs: 1_000,
    maxRetries: 0,
    init: async () => {
      const attempt = (attempts += 1);
      trace.push(`init ${attempt}`);
      if (attempt === 1) await first;
      return attempt;
    },
    cleanup: (attempt: number) => void trace.push(`cleanup ${attempt}`),
  });
  return { fixture, trace, finishFirst: () => finishFirst() };
}
