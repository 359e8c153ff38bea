import { inspect } from 'node:util';
import { type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { connectRedis } from './testing/connect-redis';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';
import type { RedisConnection } from './redis-connection';
import { defineScripts } from './scripts';

const INCREMENT = "return redis.call('INCRBY', KEYS[1], ARGV[1])";

describe('defineScripts', () => {
  let redis: RedisProcess;
  let connection: RedisConnection;

  beforeAll(async () => {
    redis = await startRedis();
    connection = await connectRedis({ url: redis.url, ...PATIENT_LIMITS, logger: new RecordedLog() });
  });

  beforeEach(async () => {
    await connection.client.flushall();
    await connection.client.script('FLUSH');
    await connection.client.config('RESETSTAT');
  });

  afterAll(async () => {
    await connection.close();
    await redis.stop();
  });

  const callsOf = async (command: string): Promise<number> => {
    const stats = await connection.client.info('commandstats');
    return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  };

  it('returns the reply when the script is not known yet', async () => {
    const { increment } = defineScripts(connection, { increment: { lua: INCREMENT, numberOfKeys: 1 } });

    await expect(increment(['counter'], [5])).resolves.toBe(5);
  });

  it('takes one round trip when the script is known', async () => {
    const { increment } = defineScripts(connection, { increment: { lua: INCREMENT, numberOfKeys: 1 } });
    await increment(['counter'], [1]);
    await connection.client.config('RESETSTAT');

    await increment(['counter'], [1]);

    expect([await callsOf('evalsha'), await callsOf('eval')]).toEqual([1, 0]);
  });

  it('runs every call exactly once when the scripts are flushed in between', async () => {
    const { increment } = defineScripts(connection, { increment: { lua: INCREMENT, numberOfKeys: 1 } });
    await increment(['counter'], [1]);

    const flushed = connection.client.script('FLUSH');
    await Promise.all([flushed, ...Array.from({ length: 20 }, () => increment(['counter'], [1]))]);

    await expect(connection.client.get('counter')).resolves.toBe('21');
  });

  it('runs after a restart when the connection is back', async () => {
    const { increment } = defineScripts(connection, { increment: { lua: INCREMENT, numberOfKeys: 1 } });
    await increment(['counter'], [1]);
    await redis.kill();
    redis = await startRedis({ port: redis.port });

    const reply = await waitFor(() => increment(['counter'], [1]), { description: 'the script to run' });

    expect(reply).toBe(1);
  });

  it('returns nested arrays, nulls and numbers when the script does', async () => {
    const lua = "return {1, {'two', false}, 'three', #KEYS, ARGV[2]}";
    const { nested } = defineScripts(connection, { nested: { lua } });

    await expect(nested(['a', 'b'], ['x', 'y'])).resolves.toEqual([1, ['two', null], 'three', 2, 'y']);
  });

  it('throws without calling when the number of keys is wrong', async () => {
    const { increment } = defineScripts(connection, { increment: { lua: INCREMENT, numberOfKeys: 1 } });

    await expect(increment([], [1])).rejects.toThrow('script increment takes 1 keys, not 0');
    await expect(callsOf('evalsha')).resolves.toBe(0);
  });

  it('throws the error of the script without its arguments when it fails', async () => {
    const lua = "return redis.error_reply('STALE_EPOCH 3')";
    const { refuse } = defineScripts(connection, { refuse: { lua } });

    const error: unknown = await refuse([], ['+4915112345678']).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ message: 'STALE_EPOCH 3' });
    expect(inspect(error, { depth: 9 })).not.toContain('+4915112345678');
  });

  it('throws the words of the compiler when the text is no Lua', async () => {
    const { broken } = defineScripts(connection, { broken: { lua: 'return return' } });

    await expect(broken([], [])).rejects.toThrow('Error compiling script');
  });
});
