import { openRedis } from '@smart-router/redis';
import { systemClock } from '@smart-router/scheduling';
import { loadSettings, type Secrets, type SecretSource } from '@smart-router/settings';
import { type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { Redis } from 'ioredis';
import { followCredentials, redisCredentials } from './redis-credentials';
import { RedisRoutingStore } from './redis-routing-store';

const LOGGER = { info: () => undefined, warn: () => undefined };
const LIMITS = { startTimeoutMs: 20_000, connectTimeoutMs: 3_000, commandTimeoutMs: 10_000 };

/** Secrets that a test replaces. */
class ChangingSecrets implements SecretSource {
  private listener: () => void = () => undefined;

  constructor(public current: Secrets) {}

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  change(changes: Partial<Secrets>): void {
    this.current = { ...this.current, ...changes };
    this.listener();
  }
}

function secretsWith(url: string): ChangingSecrets {
  const redis = { url, sentinelPassword: null, tlsCa: null };
  return new ChangingSecrets({
    apiKeys: [],
    twilioAuthTokens: [],
    plivoAuthTokens: [],
    exotelTokens: [],
    tracingHeaders: {},
    redis,
  });
}

function redisSettings(env: Record<string, string>) {
  const { redis } = loadSettings({ STATIC_PODS: 'a', ...env }, 'smart-router');
  if (redis === null) throw new Error('settings without Redis');
  return redis;
}

describe('redisCredentials', () => {
  it('returns the secrets in force, and the rest of the settings', () => {
    const settings = redisSettings({
      REDIS_URL: 'redis://old@s1',
      REDIS_MODE: 'sentinel',
      REDIS_SENTINEL_MASTER: 'calls',
      REDIS_SENTINEL_USERNAME: 'watcher',
      REDIS_SENTINEL_PASSWORD: 'old',
    });
    const redis = { url: 'redis://new@s1', sentinelPassword: 'new', tlsCa: 'certificate' };
    expect(redisCredentials(settings, { redis })).toEqual({
      url: 'redis://new@s1',
      sentinel: { masterName: 'calls', username: 'watcher', password: 'new' },
      tlsCa: 'certificate',
    });
  });
});

describe('a store whose credentials are replaced', () => {
  let redis: RedisProcess;
  let admin: Redis;
  let store: RedisRoutingStore;
  let secrets: ChangingSecrets;
  let asked: number;

  const urlWith = (password: string): string => redis.url.replace('//', `//:${password}@`);

  beforeEach(async () => {
    redis = await startRedis({ args: ['--requirepass', 'old'] });
    admin = new Redis(urlWith('old'));
    secrets = secretsWith(urlWith('old'));
    const settings = redisSettings({ REDIS_URL: urlWith('old') });
    const connection = openRedis({ ...redisCredentials(settings, secrets.current), ...LIMITS, logger: LOGGER });
    asked = 0;
    const useCredentials: typeof connection.useCredentials = (credentials) => {
      asked++;
      connection.useCredentials(credentials);
    };
    followCredentials({ useCredentials }, settings, secrets);
    store = new RedisRoutingStore(connection, {
      keyPrefix: 'voice:',
      timings: {
        ...{ leaseMs: 60_000, callInfoMs: 60_000, drainMs: 60_000, endedCallMs: 60_000 },
        ...{ failoverHoldMs: 0, failoverHoldMaxMs: 5_000 },
      },
      watch: { clock: systemClock, random: Math.random, required: null, newMark: () => 'mark' },
    });
    await store.connect();
  });

  afterEach(async () => {
    await store.close();
    admin.disconnect();
    await redis.kill();
  });

  it('serves with the new password after the connections were cut, and warns until Redis accepts it', async () => {
    secrets.change({ redis: { url: urlWith('new'), sentinelPassword: null, tlsCa: null } });
    await waitFor(() => store.warnings().includes('CREDENTIALS_REFUSED'), { description: 'the warning' });
    await store.probe();
    await admin.config('SET', 'requirepass', 'new');
    await waitFor(() => !store.warnings().includes('CREDENTIALS_REFUSED'), {
      timeoutMs: 20_000,
      description: 'the end of the warning',
    });
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await waitFor(
      () =>
        store.probe().then(
          () => true,
          () => false,
        ),
      { description: 'a new connection' },
    );
  });

  it('keeps its connection when other secrets change', async () => {
    secrets.change({ exotelTokens: ['another-token-of-exotel'] });
    expect(asked).toBe(0);
  });
});
