import type { AppName } from './settings';
import { problemsOf } from './testing/problems-of';

type Env = Record<string, string | undefined>;

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
