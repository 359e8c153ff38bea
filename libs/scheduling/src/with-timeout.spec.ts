import { getEventListeners } from 'node:events';
import { systemClock } from './clock';
import { ManualClock, settled } from './testing/manual-clock';
import { TimeoutError, withTimeout } from './with-timeout';

const never = (): Promise<never> => new Promise(() => undefined);

function setUp() {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const options = { ms: 1_000, clock, signal: stopping.signal, name: 'reading the lease' };
  const leftBehind = (): number => clock.sleeping + getEventListeners(stopping.signal, 'abort').length;
  return { clock, stopping, options, leftBehind };
}

describe('withTimeout', () => {
  it('returns what the work resolves with when it is in time, and leaves nothing behind', async () => {
    const { leftBehind, options } = setUp();
    await expect(withTimeout(async () => 'pong', options)).resolves.toBe('pong');
    expect(leftBehind()).toBe(0);
  });

  it('throws what the work rejects with, and leaves nothing behind', async () => {
    const { leftBehind, options } = setUp();
    const failure = new Error('gone');
    await expect(withTimeout(() => Promise.reject(failure), options)).rejects.toBe(failure);
    expect(leftBehind()).toBe(0);
  });

  it('throws what the work throws before its first await, and leaves nothing behind', async () => {
    const { leftBehind, options } = setUp();
    const failure = new Error('at once');
    const work = (): Promise<never> => {
      throw failure;
    };
    await expect(withTimeout(work, options)).rejects.toBe(failure);
    expect(leftBehind()).toBe(0);
  });

  it('throws an error that names the work when it hangs, not before its time is over, and leaves nothing behind', async () => {
    const { clock, leftBehind, options } = setUp();
    let end: unknown = null;
    withTimeout(never, options).catch((error: unknown) => (end = error));
    await clock.advance(999);
    expect(end).toBeNull();
    await clock.advance(1);
    expect(end).toBeInstanceOf(TimeoutError);
    expect(end).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      work: 'reading the lease',
      ms: 1_000,
      message: 'reading the lease: no result within 1000 ms',
    });
    expect(leftBehind()).toBe(0);
  });

  it('aborts the signal of the work with the same error', async () => {
    const { clock, options } = setUp();
    let given = new AbortController().signal;
    const result = withTimeout((signal) => ((given = signal), never()), options);
    const failure = result.catch((error: unknown) => error);
    expect(given.aborted).toBe(false);
    await clock.advance(1_000);
    expect(given.reason).toBe(await failure);
  });

  it('throws the reason of the signal when it is aborted meanwhile, whatever the work makes of that', async () => {
    const { leftBehind, options, stopping } = setUp();
    const reason = new Error('stop');
    const result = withTimeout(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      options,
    );
    stopping.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(leftBehind()).toBe(0);
  });

  it('does not begin the work when the signal was aborted before', async () => {
    const { leftBehind, options } = setUp();
    const reason = new Error('stop');
    let begun = false;
    const work = async (): Promise<void> => void (begun = true);
    await expect(withTimeout(work, { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(begun).toBe(false);
    expect(leftBehind()).toBe(0);
  });

  it('does not abort the signal of work that was in time', async () => {
    const { clock, options, stopping } = setUp();
    let given = new AbortController().signal;
    await withTimeout(async (signal) => void (given = signal), options);
    await clock.advance(2_000);
    stopping.abort();
    expect(given.aborted).toBe(false);
  });

  it.each(['resolves', 'rejects'])('drops what comes late when the work %s', async (end) => {
    const { clock, options } = setUp();
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    let finish = (): void => undefined;
    const work = (): Promise<string> =>
      new Promise((resolve, reject) => {
        finish = () => (end === 'resolves' ? resolve('late') : reject(new Error('late')));
      });
    const result = withTimeout(work, options).catch((error: unknown) => error);
    await clock.advance(1_000);
    await expect(result).resolves.toBeInstanceOf(TimeoutError);
    finish();
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('needs no signal, and counts real time by the clock of the system', async () => {
    await expect(withTimeout(never, { ms: 1, clock: systemClock, name: 'asking' })).rejects.toThrow(TimeoutError);
  });
});
