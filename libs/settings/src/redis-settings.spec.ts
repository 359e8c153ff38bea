import { loadSettings } from './load-settings';
import { problemsOf as problemsOfApp } from './testing/problems-of';

const REDIS = { STATIC_PODS: 'pod-0' };

const problemsOf = (env: Record<string, string>) => problemsOfApp({ REDIS_URL: 'redis://redis:6379', ...env }, 'api');

describe('sentinels and replicas', () => {
  const SENTINEL = {
    ...REDIS,
    REDIS_URL: 'redis://s1,redis://s2',
    REDIS_MODE: 'sentinel',
    REDIS_SENTINEL_MASTER: 'calls',
  };

  it('names the master, and who asks for it', () => {
    const env = { ...SENTINEL, REDIS_SENTINEL_USERNAME: 'watcher', REDIS_SENTINEL_PASSWORD: 'secret' };
    expect(loadSettings(env, 'api').redis).toMatchObject({
      mode: 'sentinel',
      sentinel: { masterName: 'calls', username: 'watcher', password: 'secret' },
      replication: null,
    });
  });

  it('asks for the name of the master, and for it in no other mode', () => {
    const message = 'REDIS_SENTINEL_MASTER and REDIS_MODE=sentinel need each other (example: mymaster)';
    expect(problemsOf({ ...SENTINEL, REDIS_SENTINEL_MASTER: '' })).toEqual([message]);
    expect(problemsOf({ ...REDIS, REDIS_SENTINEL_MASTER: 'calls' })).toEqual([message]);
  });

  it('reads how many replicas must have a change', () => {
    const { redis } = loadSettings({ ...SENTINEL, REDIS_WAIT_REPLICAS: '2', REDIS_WAIT_TIMEOUT: '50ms' }, 'api');
    expect(redis?.replication).toEqual({ replicas: 2, timeoutMs: 50 });
  });

  it('reads that all replicas must have a change', () => {
    const { redis } = loadSettings({ ...SENTINEL, REDIS_WAIT_REPLICAS: 'all' }, 'api');
    expect(redis?.replication).toEqual({ replicas: 'all', timeoutMs: 100 });
  });

  it.each(['1', 'all'])('refuses to wait for %s of the replicas on a cluster, or for too long', (replicas) => {
    const cluster = { ...REDIS, REDIS_MODE: 'cluster', REDIS_KEY_PREFIX: '{v}:', REDIS_WAIT_REPLICAS: replicas };
    expect(problemsOf(cluster)).toEqual([expect.stringMatching(/^REDIS_WAIT_REPLICAS must be 0/)]);
    expect(problemsOf({ ...SENTINEL, REDIS_WAIT_REPLICAS: replicas, REDIS_WAIT_TIMEOUT: '400ms' })).toEqual([
      'REDIS_WAIT_TIMEOUT must be at most a sixth of REQUEST_DEADLINE, 333ms (example: 100ms)',
    ]);
    expect(problemsOf({ ...SENTINEL, REDIS_WAIT_TIMEOUT: '400ms' })).toEqual([]);
  });
});
