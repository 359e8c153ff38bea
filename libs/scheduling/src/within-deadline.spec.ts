import { withinDeadline } from './within-deadline';

const never = (): Promise<never> => new Promise(() => undefined);

describe('withinDeadline', () => {
  it('returns what the work resolves with when it is in time', async () => {
    await expect(withinDeadline(Promise.resolve('pong'), 10_000)).resolves.toBe('pong');
  });

  it('passes on why the work failed', async () => {
    const failure = new Error('gone');
    await expect(withinDeadline(Promise.reject(failure), 10_000)).rejects.toBe(failure);
  });

  it('gives up on work that hangs', async () => {
    await expect(withinDeadline(never(), 10)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: 'no result within 10 ms',
    });
  });

  it('throws the given error when the time is over', async () => {
    const expired = new Error('store did not answer');
    await expect(withinDeadline(never(), 10, () => expired)).rejects.toBe(expired);
  });
});
