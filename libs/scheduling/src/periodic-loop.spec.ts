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

function start(
  job: (signal: AbortSignal) => Promise<RunResult | void>,
  options: Partial<PeriodicLoopOptions> & { clock?: ManualClock } = {},
) {
  const clock = options.clock ?? new ManualClock();
  const failures: [unknown, number][] = [];
  const stopping = new AbortController();
  const loop = new PeriodicLoop(job, {
    intervalMs: 1_000,
    backOff: { firstMs: 100, maxMs: 400 },
    clock,
    random: () => 0,
    onFailure: (error, inARow) => failures.push([error, inARow]),
    ...options,
  });
  const ended = loop.run(stopping.signal);
  return { clock, failures, stopping, loop, ended };
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

  it('runs exactly once more when it was triggered many times during a run', async () => {
    const job = new HeldJob();
    const { clock, loop } = start(job.run);
    for (let i = 0; i < 5; i++) loop.trigger();
    await job.end();
    expect(job.runs).toBe(2);
    expect(job.mostAtOnce).toBe(1);
    await job.end();
    await clock.advance(999);
    expect(job.runs).toBe(2);
  });

  it('runs before the interval is over when it is triggered while it waits', async () => {
    const job = new HeldJob();
    const { clock, loop } = start(job.run);
    await job.end();
    await clock.advance(10);
    loop.trigger();
    await settled();
    expect(job.runs).toBe(2);
  });

  it('keeps the shortest gap when triggers come without a break', async () => {
    const job = new HeldJob();
    const { clock, loop } = start(job.run, { minGapMs: 200 });
    await job.end();
    loop.trigger();
    await clock.advance(199);
    expect(job.runs).toBe(1);
    await clock.advance(1);
    expect(job.runs).toBe(2);
  });

  it('waits longer after each failure up to the cap, and tells how many there were', async () => {
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

  it('does not run before the back-off is over when it is triggered after a failure', async () => {
    const job = new HeldJob();
    const { clock, loop } = start(job.run);
    await job.end(new Error('away'));
    loop.trigger();
    await clock.advance(49);
    expect(job.runs).toBe(1);
    await clock.advance(1);
    expect(job.runs).toBe(2);
  });

  it('goes on when the job throws before its first await', async () => {
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

  it('tells no failure when the job gives up because it was told to stop', async () => {
    const { failures, stopping, ended } = start(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    stopping.abort();
    await ended;
    expect(failures).toEqual([]);
  });
});
