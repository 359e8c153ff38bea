import { systemClock } from './clock';

describe('systemClock', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it.each([2 ** 31, Infinity])('does not end a sleep of %d ms at once', async (ms) => {
    let isOver = false;
    const stopping = new AbortController();
    const sleep = systemClock.sleep(ms, stopping.signal).then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(1_000_000);
    expect(isOver).toBe(false);
    stopping.abort();
    await sleep;
    expect(jest.getTimerCount()).toBe(0);
  });
});
