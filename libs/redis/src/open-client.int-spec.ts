import { type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { clientFactory, type RedisClient } from './client';
import { parseEndpoints } from './endpoints';
import { openClient } from './open-client';

const TIMINGS = { connectTimeoutMs: 10_000, commandTimeoutMs: 10_000, socketTimeoutMs: 20_000 };
const never = (): Promise<never> => new Promise(() => undefined);

describe('openClient', () => {
  let redis: RedisProcess;
  let client: RedisClient;

  beforeEach(async () => {
    redis = await startRedis();
    client = clientFactory(parseEndpoints(redis.url), TIMINGS)();
  });

  afterEach(async () => {
    if (client.status !== 'end') client.disconnect();
    await redis.kill();
  });

  const isEnded = () => waitFor(() => client.status === 'end', { description: 'the client to end' });

  it('gives up a client that is never fit, so that another one can be tried', async () => {
    const opening = openClient(client, { check: never, timeoutMs: 200, signal: new AbortController().signal });

    await expect(opening).rejects.toThrow('no answer');
    await isEnded();
  });

  it('gives up when its signal is aborted', async () => {
    const end = new AbortController();
    const opening = openClient(client, { check: never, timeoutMs: 10_000, signal: end.signal });

    end.abort();

    await expect(opening).rejects.toThrow('given up');
    await isEnded();
  });

  it('rejects with why the client is not fit', async () => {
    const check = () => Promise.reject(new Error('not fit'));
    const opening = openClient(client, { check, timeoutMs: 10_000, signal: new AbortController().signal });

    await expect(opening).rejects.toThrow('not fit');
    await isEnded();
  });

  it('resolves the end with the reason when there is one', async () => {
    const check = () => Promise.resolve();
    const { ended } = await openClient(client, { check, timeoutMs: 10_000, signal: new AbortController().signal });

    await (client as { replicaof(...args: unknown[]): Promise<unknown> }).replicaof('127.0.0.1', 1);
    await client.set('key', 'value').catch(() => undefined);

    expect(String(await ended)).toContain('READONLY');
  });
});
