import { ManualTimers } from '../testing/manual-timers';
import { settled } from '../testing/service-setup';
import { RefreshLoop } from './refresh-loop';

/** A task whose runs end when the test says so. */
class Runs {
  started = 0;
  private finishers: (() => void)[] = [];

  readonly task = (): Promise<void> => {
    this.started += 1;
    return new Promise((resolve) => this.finishers.push(resolve));
  };

  async finish(): Promise<void> {
    this.finishers.shift()?.();
    await settled();
  }
}

function setup(pauses: number[] = []): { runs: Runs; timers: ManualTimers; loop: RefreshLoop } {
  const runs = new Runs();
  const timers = new ManualTimers();
  return { runs, timers, loop: new RefreshLoop(runs.task, () => pauses.shift() ?? 30_000, timers) };
}

describe('RefreshLoop', () => {
  it('runs again after each pause', async () => {
    const { runs, timers, loop } = setup();
    void loop.start();
    await runs.finish();
    timers.advance(29_999);
    expect(runs.started).toBe(1);
    timers.advance(1);
    expect(runs.started).toBe(2);
    await runs.finish();
    timers.advance(30_000);
    expect(runs.started).toBe(3);
  });

  it('asks for the length of each pause anew', async () => {
    const { runs, timers, loop } = setup([500, 1_000]);
    void loop.start();
    await runs.finish();
    timers.advance(500);
    await runs.finish();
    timers.advance(999);
    expect(runs.started).toBe(2);
    timers.advance(1);
    expect(runs.started).toBe(3);
  });

  it('starts no run while one is under way', async () => {
    const { runs, timers, loop } = setup();
    void loop.start();
    await runs.finish();
    void loop.runNow();
    timers.advance(90_000);

    expect(runs.started).toBe(2);
  });

  it('adds one run for all who asked during a run', async () => {
    const { runs, loop } = setup();
    void loop.start();
    const asked = [loop.runNow(), loop.runNow()];
    expect(runs.started).toBe(1);
    await runs.finish();
    expect(runs.started).toBe(2);
    await runs.finish();
    await Promise.all(asked);

    expect(runs.started).toBe(2);
  });

  it('keeps no timer and starts nothing more after a stop', async () => {
    const { runs, timers, loop } = setup();
    void loop.start();
    await runs.finish();
    await loop.stop();
    expect(timers.pending).toBe(0);
    await loop.runNow();

    expect(runs.started).toBe(1);
  });

  it('goes on with one timer when it is started again', async () => {
    const { runs, timers, loop } = setup();
    void loop.start();
    await runs.finish();
    await loop.stop();
    void loop.start();
    await runs.finish();

    expect([runs.started, timers.pending]).toEqual([2, 1]);
  });

  it('stops once the run under way is over, without the one that was asked for', async () => {
    const { runs, timers, loop } = setup();
    void loop.start();
    void loop.runNow();
    let stopped = false;
    void loop.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    await runs.finish();

    expect([stopped, runs.started, timers.pending]).toEqual([true, 1, 0]);
  });
});
