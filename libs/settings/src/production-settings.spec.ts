import { InvalidSettingsError } from './invalid-settings-error';
import { loadSettings } from './load-settings';
import type { AppName } from './settings';

type Env = Record<string, string | undefined>;

function problemsOf(env: Env, app: AppName = 'smart-router'): readonly string[] {
  try {
    loadSettings(env, app);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.problems;
    throw error;
  }
}

describe('an API without keys', () => {
  const STORE = { REDIS_URL: 'redis://localhost:6379', STATIC_PODS: 'pod-0' };
  const problems = (env: Env, app: AppName) => problemsOf({ ...STORE, NODE_ENV: 'production', ...env }, app);

  it.each<AppName>(['smart-router', 'api'])(
    'is no start of %s in production, and the answer says how it would be',
    (app) => {
      expect(problems({}, app)).toEqual([
        expect.stringMatching(/^API_KEYS is required where NODE_ENV is production.*ALLOW_OPEN_API=true/),
      ]);
    },
  );

  it('starts where it is meant, where there are keys, and where nothing asks for one', () => {
    expect(problems({ ALLOW_OPEN_API: 'true' }, 'api')).toEqual([]);
    expect(problems({ API_KEYS: 'agents:write:9a7d2f41c8be4e06' }, 'api')).toEqual([]);
    expect(problems({}, 'leader-worker')).toEqual([]);
    expect(problems({ NODE_ENV: 'development' }, 'api')).toEqual([]);
  });
});

/** With an open API, which is not what these tests are about. */
const PRODUCTION = { NODE_ENV: 'production', ALLOW_OPEN_API: 'true' };

describe('webhooks that nobody can verify', () => {
  const accepted = (env: Env) => loadSettings(env, 'smart-router').webhooks.acceptUnverified;

  it.each([undefined, 'development', 'test'])('are taken where NODE_ENV is %s', (NODE_ENV) => {
    expect(accepted({ NODE_ENV })).toBe(true);
  });

  it('are refused in production where nothing is said about them', () => {
    expect(accepted({ ...PRODUCTION })).toBe(false);
  });

  it('are no reason to refuse the start in production where they are refused', () => {
    expect(problemsOf({ ...PRODUCTION, ACCEPT_UNVERIFIED_WEBHOOKS: 'false' })).toEqual([]);
  });

  it('are a mistake in production where they are accepted by one setting alone', () => {
    expect(problemsOf({ ...PRODUCTION, ACCEPT_UNVERIFIED_WEBHOOKS: 'true' })).toEqual([
      expect.stringMatching(/^ACCEPT_UNVERIFIED_WEBHOOKS must not be true where NODE_ENV is production/),
    ]);
  });

  it('are taken in production where both settings say so', () => {
    const both = { ACCEPT_UNVERIFIED_WEBHOOKS: 'true', ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' };
    expect(accepted({ ...PRODUCTION, ...both })).toBe(true);
  });

  it('are refused in production where only the second setting is there', () => {
    expect(accepted({ ...PRODUCTION, ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' })).toBe(false);
  });
});
