import { within } from './within';

it('lets an answer in time through', async () => {
  await expect(within(1000, 'store', () => Promise.resolve('pong'))).resolves.toBeUndefined();
});

it('gives up on a check that hangs', async () => {
  await expect(within(10, 'store', () => new Promise(() => undefined))).rejects.toThrow(
    'store did not answer within 10 ms',
  );
});

it('passes on why a check failed', async () => {
  await expect(within(1000, 'store', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
});
