import { Redis } from 'ioredis';
import { isAlive } from '../processes/process-liveness';
import { askRedis } from './redis-inline';
import { type RedisProcess, startRedis } from './redis-process';

describe('startRedis', () => {
  const started: RedisProcess[] = [];
  const start = async (args: string[] = []): Promise<RedisProcess> => {
    const redis = await startRedis({ args });
    started.push(redis);
    return redis;
  };

  afterEach(async () => {
    await Promise.all(started.splice(0).map((redis) => redis.kill()));
  });

  it('returns a server that serves under its URL', async () => {
    const { url } = await start();
    const client = new Redis(url);

    await client.set('key', 'value');

    await expect(client.get('key')).resolves.toBe('value');
    client.disconnect();
  });

  it('returns servers with ports of their own when several start at once', async () => {
    const servers = await Promise.all([start(), start(), start()]);

    const ids = await Promise.all(servers.map(({ port }) => askRedis(port, 'INFO server')));

    expect(ids.map((info) => Number(/process_id:(\d+)/.exec(info)?.[1]))).toEqual(servers.map(({ pid }) => pid));
  });

  it('starts when the arguments ask for a password', async () => {
    const { port } = await start(['--requirepass', 'secret']);

    await expect(askRedis(port, 'GET key')).rejects.toThrow('NOAUTH');
  });

  it('throws with the words of the server when an argument is wrong', async () => {
    await expect(start(['--no-such-option', '1'])).rejects.toThrow('no-such-option');
  });

  it('leaves no process when it is stopped twice', async () => {
    const redis = await start();

    await redis.stop();
    await redis.stop();

    expect(isAlive(redis.pid)).toBe(false);
  });

  it('answers nothing while it is paused and answers again when it is resumed', async () => {
    const redis = await start();
    redis.pause();
    await expect(askRedis(redis.port, 'PING')).rejects.toThrow('no reply to PING in time');

    redis.resume();

    await expect(askRedis(redis.port, 'PING')).resolves.toBe('PONG');
  });
});
