import { type AppName, type FinishedApp, type RedisProcess, runToExit, startRedis } from '@smart-router/testbed';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { FLEET_ENV } from './fleet/environment';

const APPS: readonly AppName[] = ['api', 'leader-worker', 'smart-router'];
const SECRET = 'canary-secret-007';
/** A port of the loopback address that nothing listens on: reserved, and never given out by the system. */
const UNREACHABLE = 'redis://user:canary-secret-7@127.0.0.1:1';

function textOf({ output }: FinishedApp): string {
  return output.join('\n');
}

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

describe.each(APPS)('%s', (name) => {
  it('names all mistakes at once, ends with code 1 and prints no secret', async () => {
    const mistakes = {
      HTTP_PORT: '70000',
      METRICS_PORT: 'metrics',
      REDIS_URL: `http://user:${SECRET}@redis:6379`,
      REDIS_KEY_PREFIX: 'a b',
      TIER_CONFIG: '{"gold":',
      LEASE_TTL: '24 hours',
      RECONCILE_INTERVAL: '0s',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
      STATIC_PODS: 'a,b c',
      WS_URL_TEMPLATE: '{base_url}/ws/{pod}/{call_sid}',
      VOICE_AGENT_BASE_URL: 'http://agents',
      WEBHOOK_PREFIX: 'agent',
      PUBLIC_BASE_URL: 'calls.example.com',
      TRUST_FORWARDED_HEADERS: 'maybe',
      LEADER_ELECTION: 'dice',
      POD_SOURCE: 'kiosk',
    };
    const ended = await runToExit(name, { ...mistakes, TWILIO_AUTH_TOKEN: SECRET, EXOTEL_WEBHOOK_TOKEN: SECRET });
    expect(ended).toMatchObject({ code: 1, signal: null });
    for (const variable of Object.keys(mistakes)) expect(textOf(ended)).toContain(`${variable} must `);
    expect(textOf(ended)).not.toContain(SECRET);
    expect(textOf(ended)).not.toContain('    at ');
  });

  it('gives up on a Redis that cannot be reached, and says so without the password', async () => {
    const ended = await runToExit(name, { ...FLEET_ENV, REDIS_URL: UNREACHABLE, REDIS_START_TIMEOUT: '1s' });
    expect(ended).toMatchObject({ code: 1, signal: null });
    const fatal = ended.logs.filter(({ level }) => level === 'fatal');
    expect(fatal).toHaveLength(1);
    expect(JSON.stringify(fatal)).toContain('127.0.0.1:1');
    expect(textOf(ended)).not.toContain(SECRET);
  });
});

describe.each<AppName>(['api', 'leader-worker'])('%s whose HTTP_PORT is in use', (name) => {
  it('names the port and the variable, and ends with code 1', async () => {
    const { server, port } = await listen();
    try {
      const ended = await runToExit(name, { ...FLEET_ENV, REDIS_URL: UNREACHABLE, HTTP_PORT: String(port) });
      expect(ended.code).toBe(1);
      const fatal = JSON.stringify(ended.logs.filter(({ level }) => level === 'fatal'));
      expect(fatal).toContain(`port ${port} is in use`);
      expect(fatal).toContain('HTTP_PORT');
    } finally {
      server.close();
    }
  });
});

describe('a Redis that wants a password', () => {
  let redis: RedisProcess;

  beforeAll(async () => {
    redis = await startRedis({ args: ['--requirepass', 'the-right-one'] });
  });

  afterAll(() => redis?.stop());

  it('is given up with a clear message when the password is wrong', async () => {
    const url = redis.url.replace('//', `//:${SECRET}@`);
    const ended = await runToExit('api', { ...FLEET_ENV, REDIS_URL: url, REDIS_START_TIMEOUT: '4s' });
    expect(ended.code).toBe(1);
    expect(JSON.stringify(ended.logs.filter(({ level }) => level === 'fatal'))).toMatch(/WRONGPASS|password/i);
    expect(textOf(ended)).not.toContain(SECRET);
  });
});

describe('a TIER_CONFIG with a tier of a type that does not exist', () => {
  it('stops the start with code 1 and says where the mistake is', async () => {
    const TIER_CONFIG = '{"gold":{"type":"gilded","target":1}}';
    const ended = await runToExit('smart-router', { ...FLEET_ENV, TIER_CONFIG });
    expect(ended.code).toBe(1);
    expect(textOf(ended)).toMatch(/TIER_CONFIG.*gold\.type/);
  });
});
