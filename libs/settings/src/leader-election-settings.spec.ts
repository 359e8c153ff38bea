import { loadSettings } from './load-settings';
import { problemsOf } from './testing/problems-of';

const REDIS = { REDIS_URL: 'redis://localhost:6379' };

describe('settings of the leader election', () => {
  it('elects a leader by Kubernetes where the pods are there and processes share a store', () => {
    const env = { POD_SOURCE: 'kubernetes', NAMESPACE: 'voice' };
    expect(loadSettings({ ...env, ...REDIS }, 'leader-worker').leader).toMatchObject({
      election: 'kubernetes',
      lease: { name: 'smart-router-leader', namespace: 'voice' },
      timings: { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
    });
    expect(loadSettings(env, 'smart-router').leader.election).toBe('none');
  });

  it('elects a leader as it is set', () => {
    const env = { ...REDIS, STATIC_PODS: 'pod-0', LEADER_ELECTION: 'redis', LEADER_ELECTION_NAMESPACE: 'routers' };
    expect(loadSettings(env, 'leader-worker').leader).toMatchObject({
      election: 'redis',
      lease: { namespace: 'routers' },
    });
  });

  const IN_CLUSTER = { ...REDIS, POD_SOURCE: 'kubernetes' };

  it.each([
    [{ LEADER_ELECTION_ENABLED: 'true' }, 'kubernetes'],
    [{ LEADER_ELECTION_ENABLED: 'false' }, 'none'],
    [{ LEADER_ELECTION_ENABLED: 'true', LEADER_ELECTION: 'redis' }, 'redis'],
    [{ LEADER_ELECTION_ENABLED: 'false', LEADER_ELECTION: 'none' }, 'none'],
  ])('takes the older form %j for %s', (env, election) => {
    expect(loadSettings({ ...IN_CLUSTER, ...env }, 'smart-router').leader.election).toBe(election);
  });

  it('elects nobody without a cluster, also where the older form says that an election is wanted', () => {
    const env = { ...REDIS, STATIC_PODS: 'pod-0', LEADER_ELECTION_ENABLED: 'true' };
    expect(loadSettings(env, 'smart-router').leader.election).toBe('none');
  });

  it.each([
    { LEADER_ELECTION_ENABLED: 'false', LEADER_ELECTION: 'kubernetes' },
    { LEADER_ELECTION_ENABLED: 'true', LEADER_ELECTION: 'none' },
  ])('refuses two forms that contradict each other: %j', (env) => {
    expect(problemsOf({ ...IN_CLUSTER, ...env })).toEqual([
      expect.stringMatching(/^LEADER_ELECTION_ENABLED must be unset/),
    ]);
  });

  it('refuses an election in a Redis that is not there', () => {
    expect(problemsOf({ LEADER_ELECTION: 'redis' })).toEqual([
      expect.stringMatching(/^REDIS_URL is required where LEADER_ELECTION is redis/),
    ]);
  });

  it.each([
    [{ LEADER_ELECTION_LEASE_DURATION: '10s' }, 'LEADER_ELECTION_LEASE_DURATION'],
    [{ LEADER_ELECTION_RENEW_DEADLINE: '2400ms' }, 'LEADER_ELECTION_RENEW_DEADLINE'],
  ])('refuses an election that cannot be safe: %j', (env, name) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(new RegExp(`^${name} must be longer than`))]);
  });
});
