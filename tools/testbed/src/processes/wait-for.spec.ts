import { waitFor } from './wait-for';

describe('waitFor', () => {
  it('returns the value when the condition gives one', async () => {
    let asked = 0;

    const value = await waitFor(() => (++asked === 3 ? `asked ${asked} times` : null), { description: 'the third' });

    expect(value).toBe('asked 3 times');
  });

  it('asks again when the condition throws', async () => {
    let asked = 0;
    const condition = async (): Promise<number> => {
      if (++asked < 3) throw new Error('not yet');
      return asked;
    };

    await expect(waitFor(condition, { description: 'three' })).resolves.toBe(3);
  });

  it('names what was waited for and the last value when the time runs out', async () => {
    const waiting = waitFor(() => 0, { timeoutMs: 1, description: 'a pod' });

    await expect(waiting).rejects.toThrow('timed out after 1 ms waiting for a pod (last value: 0)');
  });

  it('names the last error when the condition only ever threw', async () => {
    const condition = (): never => {
      throw new Error('refused');
    };

    await expect(waitFor(condition, { timeoutMs: 1, description: 'a pod' })).rejects.toThrow(
      'last error: Error: refused',
    );
  });
});
