import { systemClock } from './clock';

const DAY_MS = 86_400_000;

describe('systemClock', () => {
  it('returns from a sleep when the signal is aborted meanwhile', async () => {
    const stopping = new AbortController();
    const sleep = systemClock.sleep(DAY_MS, stopping.signal);
    stopping.abort();
    await expect(sleep).resolves.toBeUndefined();
  });

  it('returns at once when the signal was aborted before', async () => {
    await expect(systemClock.sleep(DAY_MS, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('returns from a sleep when its time is over', async () => {
    await expect(systemClock.sleep(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});
