import { ManualClock, settled } from './testing/manual-clock';
import { PeriodicLoop, type PeriodicLoopOptions, type RunResult } from './periodic-loop';

/** A job that a test lets end, well or badly. */
class HeldJob {
  runs = 0;
  underWay = 0;
  mostAtOnce = 0;
  private settle: ((error?: Error) => void) | null = null;

  readonly run = async (): Promise<void> => {
    this.runs++;
    this.underWay++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay);
    try {
      await new Promise<void>((resolve, reject) => {
        this.settle = (error) => (error ? reject(error) : resolve());
      });
    } finally {
      this.underWay--;
    }
  };

  async end(error?: Error): Promise<void> {
    this.settle?.(error);
    await settled();
  }
}

function build(
  job: (signal: AbortSignal) => Promise<RunResult | void>,
  options: Partial<PeriodicLoopOptions> & { clock?: ManualClock } = {},
) {
  const clock = options.clock ?? new ManualClock();
  const failures: [unknown, number][] = [];
  const loop = new PeriodicLoop(job, {
    intervalMs: 1_000,
    backOff: { firstMs: 100, maxMs: 400, jitter: 'half' },
    clock,
    random: () => 0,
    onFailure: (error, inARow) => failures.push([error, inARow]),
    ...options,
  });
  return { clock, failures, loop };
}

function start(...args: Parameters<typeof build>) {
  const parts = build(...args);
  const stopping = new AbortController();
  const ended = parts.loop.run(stopping.signal);
  return { ...parts, stopping, ended };
}

describe('PeriodicLoop', () => {
  it('runs at once and again an interval after the end of the run before', async () => {
    const job = new HeldJob();
    const { clock } = start(job.run);
    await clock.advance(5_000);
    expect(job.runs).toBe(1);
    await job.end();
    await clock.advance(999);
    expect(job.runs).toBe(1);
    await clock.advance(1);
    expect(job.runs).toBe(2);
  });

  it.each([
    [300, 300],
    [3_000, 1_000],
  ])('runs again after %i ms when the run asks for that, at the latest after the interval', async (wanted, waited) => {
    let runs = 0;
    const { clock } = start(async () => (runs++ === 0 ? { againAfterMs: wanted } : {}), { minGapMs: 100 });
    await clock.advance(waited - 1);
    expect(runs).toBe(1);
    await clock.advance(1);
    expect(runs).toBe(2);
    await clock.advance(999);
    expect(runs).toBe(2);
  });

  it('runs exactly once more when it was asked for many times during a run', async () => {
    const job = new HeldJob();
    const { clock, loop } = start(job.run);
    for (let i = 0; i < 5; i++) void loop.runNow();
    await job.end();
    expect(job.runs).toBe(2);
    expect(job.mostAtOnce).toBe(1);
    await job.end();
    await clock.advance(999);
    expect(job.runs).toBe(2);
  });

  it('runs before the interval is over when it is asked to while it waits', async () => {
    const job = new HeldJob();
    const { clock, loop } = start(job.run);
    await job.end();
    await clock.advance(10);
    void loop.runNow();
    await settled();
    expect(job.runs).toBe(2);
  });

  it('keeps the shortest gap when requests come without a break', async () => {
    const job = new HeldJob();
    const { clock, loop } = start(job.run, { minGapMs: 200 });
    await job.end();
    void loop.runNow();
    await clock.advance(199);
    expect(job.runs).toBe(1);
    await clock.advance(1);
    expect(job.runs).toBe(2);
  });

  it('waits longer after each failure up to the cap, and reports how many there were', async () => {
    const error = new Error('away');
    const startedAt: number[] = [];
    const clock = new ManualClock();
    const job = async (): Promise<void> => {
      startedAt.push(clock.now());
      throw error;
    };
    const { failures } = start(job, { clock });
    await clock.advance(1_000);
    expect(startedAt).toEqual([0, 50, 150, 350, 550, 750, 950]);
    expect(failures.slice(0, 3)).toEqual([
      [error, 1],
      [error, 2],
      [error, 3],
    ]);
  });

  it('does not run before the back-off is over when it is asked to after a failure', async () => {
    const job = new HeldJob();
    const { clock, loop } = start(job.run);
    await job.end(new Error('away'));
    void loop.runNow();
    await clock.advance(49);
    expect(job.runs).toBe(1);
    await clock.advance(1);
    expect(job.runs).toBe(2);
  });

  it('continues when the job throws before its first await', async () => {
    let runs = 0;
    const { clock } = start(() => {
      runs++;
      throw new Error('at once');
    });
    await clock.advance(50);
    expect(runs).toBe(2);
  });

  it('counts failures anew after a good run', async () => {
    const job = new HeldJob();
    const { clock, failures } = start(job.run);
    await job.end(new Error('first'));
    await clock.advance(50);
    await job.end();
    await clock.advance(1_000);
    await job.end(new Error('second'));
    expect(failures.map(([, inARow]) => inARow)).toEqual([1, 1]);
  });

  it('ends only after the run under way when it is stopped', async () => {
    const job = new HeldJob();
    const { stopping, ended } = start(job.run);
    let over = false;
    void ended.then(() => (over = true));
    stopping.abort();
    await settled();
    expect(over).toBe(false);
    await job.end();
    await ended;
    expect(job.runs).toBe(1);
  });

  it('ends at once when it is stopped while it waits, and leaves no timer behind', async () => {
    const job = new HeldJob();
    const { clock, stopping, ended } = start(job.run);
    await job.end();
    expect(clock.sleeping).toBe(1);
    stopping.abort();
    await ended;
    expect(clock.sleeping).toBe(0);
  });

  it('reports no failure when the job gives up because it is stopped', async () => {
    const { failures, stopping, ended } = start(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    stopping.abort();
    await ended;
    expect(failures).toEqual([]);
  });
});

describe('PeriodicLoop from start to stop', () => {
  it('returns from start after the first run', async () => {
    const job = new HeldJob();
    const { loop } = build(job.run);
    let hasStarted = false;
    void loop.start().then(() => (hasStarted = true));
    await settled();
    expect([job.runs, hasStarted]).toEqual([1, false]);
    await job.end();
    expect(hasStarted).toBe(true);
  });

  it('returns from start when the first run failed', async () => {
    const { failures, loop } = build(() => Promise.reject(new Error('away')));
    await loop.start();
    expect(failures).toHaveLength(1);
  });

  it('adds one run for all who asked during a run, and returns to them after it', async () => {
    const job = new HeldJob();
    const { loop } = build(job.run);
    void loop.start();
    let answered = 0;
    const asked = [loop.runNow(), loop.runNow()].map((run) => run.then(() => answered++));
    expect(job.runs).toBe(1);
    await job.end();
    expect([job.runs, answered]).toEqual([2, 0]);
    await job.end();
    await Promise.all(asked);
    expect([job.runs, answered]).toEqual([2, 2]);
  });

  it('starts no run while one is under way', async () => {
    const job = new HeldJob();
    const { clock, loop } = build(job.run);
    void loop.start();
    await job.end();
    void loop.runNow();
    await clock.advance(90_000);
    expect([job.runs, job.mostAtOnce]).toEqual([2, 1]);
  });

  it('keeps no timer and starts nothing more after a stop', async () => {
    const job = new HeldJob();
    const { clock, loop } = build(job.run);
    void loop.start();
    await job.end();
    expect(clock.sleeping).toBe(1);
    await loop.stop();
    expect(clock.sleeping).toBe(0);
    await loop.runNow();
    expect(job.runs).toBe(1);
  });

  it('stops once the run under way is over, without the one that was asked for', async () => {
    const job = new HeldJob();
    const { clock, loop } = build(job.run);
    void loop.start();
    const asked = loop.runNow();
    let stopped = false;
    void loop.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    await job.end();
    await asked;
    expect([stopped, job.runs, clock.sleeping]).toEqual([true, 1, 0]);
  });

  it('continues with one timer when it is started again', async () => {
    const job = new HeldJob();
    const { clock, loop } = build(job.run);
    void loop.start();
    await job.end();
    await loop.stop();
    void loop.start();
    await job.end();
    expect([job.runs, clock.sleeping]).toEqual([2, 1]);
  });

  it('waits for the run under way when it is started again before the stop is over', async () => {
    const job = new HeldJob();
    const { loop } = build(job.run);
    void loop.start();
    const stopped = loop.stop();
    void loop.start();
    await settled();
    expect(job.runs).toBe(1);
    await job.end();
    await stopped;
    await settled();
    expect([job.runs, job.mostAtOnce]).toEqual([2, 1]);
  });

  it('stops only after the run under way when it was started and stopped again and again before', async () => {
    const job = new HeldJob();
    const { loop } = build(job.run);
    void loop.start();
    void loop.stop();
    void loop.start();
    void loop.stop();
    void loop.start();
    await job.end();
    let hasStopped = false;
    const stopped = loop.stop().then(() => (hasStopped = true));
    await settled();
    expect([job.runs, hasStopped]).toEqual([2, false]);
    await job.end();
    await stopped;
    expect(job.runs).toBe(2);
  });

  it('runs once only when it is started twice', async () => {
    const job = new HeldJob();
    const { clock, loop } = build(job.run);
    void loop.start();
    void loop.start();
    await job.end();
    expect([job.runs, clock.sleeping]).toEqual([1, 1]);
  });

  it('stops without having been started', async () => {
    const { loop } = build(async () => undefined);
    await expect(loop.stop()).resolves.toBeUndefined();
  });
});
