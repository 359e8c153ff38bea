import { startRedis, type RedisProcess } from '../redis/redis-process';
import { askRedis } from '../redis/redis-inline';
import { type ControlServer, startControlServer } from './control-server';
import { TcpFaultProxy } from './tcp-fault-proxy';

describe('the control port of a proxy', () => {
  let redis: RedisProcess;
  let proxy: TcpFaultProxy;
  let control: ControlServer;

  const command = async (text: string, method = 'POST') => {
    const response = await fetch(`http://127.0.0.1:${control.port}/${text}`, { method });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeAll(async () => {
    redis = await startRedis();
    proxy = await TcpFaultProxy.start({ target: `127.0.0.1:${redis.port}` });
    control = await startControlServer(proxy);
  });

  afterEach(() => proxy.heal());

  afterAll(async () => {
    await control.close();
    await proxy.close();
    await redis.stop();
  });

  it('reports the port and the commands', async () => {
    const { status, body } = await command('', 'GET');

    expect(status).toBe(200);
    expect(body).toMatchObject({ proxy_port: proxy.port, connections: 0 });
    expect(body['commands']).toContain('blackhole');
  });

  it('breaks the line and heals it', async () => {
    expect((await command('refuse')).status).toBe(200);
    await expect(askRedis(proxy.port, 'PING')).rejects.toThrow('ECONNREFUSED');

    expect((await command('heal')).status).toBe(200);
    await expect(askRedis(proxy.port, 'PING')).resolves.toBe('PONG');
  });

  it('leaves a command executed whose reply it was ordered to drop', async () => {
    await command('drop-replies?count=1&after_request=INCR');

    await expect(askRedis(proxy.port, 'INCR executed')).rejects.toThrow();

    await expect(askRedis(redis.port, 'GET executed')).resolves.toBe('1');
  });

  it('cuts a bulk reply in the middle', async () => {
    await askRedis(redis.port, 'SET long abcdefghij');
    await command('cut-after?bytes=8&after_request=GET');

    await askRedis(proxy.port, 'PING');
    await expect(askRedis(proxy.port, 'GET long')).rejects.toThrow('before the reply');
  });

  it.each(['latency?ms=1&jitter_ms=1', 'bandwidth?bytes_per_second=100000', 'reset', 'half-close', 'blackhole'])(
    'takes %s',
    async (text) => {
      expect((await command(text)).status).toBe(200);
    },
  );

  it.each([
    ['latency', 'ms must be a whole number'],
    ['latency?ms=soon', 'ms must be a whole number'],
    ['latency?ms=1&direction=up', 'direction must be requests or replies'],
    ['constructor', 'unknown command'],
  ])('refuses %s', async (text, message) => {
    const { status, body } = await command(text);

    expect(status).toBe(400);
    expect(body['error']).toContain(message);
  });

  it('refuses a command that is no POST', async () => {
    expect((await command('reset', 'GET')).status).toBe(405);
  });
});
