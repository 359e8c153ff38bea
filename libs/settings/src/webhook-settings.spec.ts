import { InvalidSettingsError } from './invalid-settings-error';
import { loadSettings } from './load-settings';

type Env = Parameters<typeof loadSettings>[0];

function problemsOf(env: Env): readonly string[] {
  try {
    loadSettings(env, 'smart-router');
    return [];
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.problems;
    throw error;
  }
}

describe('webhooks that nobody can verify', () => {
  const accepted = (env: Env) => loadSettings(env, 'smart-router').webhooks.acceptUnverified;

  it.each([undefined, 'development', 'test'])('are taken where NODE_ENV is %s', (NODE_ENV) => {
    expect(accepted({ NODE_ENV })).toBe('all');
  });

  it('are refused in production where nothing is said about them', () => {
    expect(accepted({ NODE_ENV: 'production' })).toEqual([]);
  });

  it('are no reason to refuse the start in production where they are refused', () => {
    expect(problemsOf({ NODE_ENV: 'production', ACCEPT_UNVERIFIED_WEBHOOKS: 'false' })).toEqual([]);
  });

  it('are a mistake in production where they are accepted by one setting alone', () => {
    expect(problemsOf({ NODE_ENV: 'production', ACCEPT_UNVERIFIED_WEBHOOKS: 'true' })).toEqual([
      expect.stringMatching(/^ACCEPT_UNVERIFIED_WEBHOOKS must be false where NODE_ENV is production/),
    ]);
  });

  it('are taken in production where both settings say so', () => {
    const both = { ACCEPT_UNVERIFIED_WEBHOOKS: 'true', ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' };
    expect(accepted({ NODE_ENV: 'production', ...both })).toBe('all');
  });

  it('are refused in production where only the second setting is there', () => {
    expect(accepted({ NODE_ENV: 'production', ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' })).toEqual([]);
  });

  it.each(['TWILIO_AUTH_TOKEN', 'PLIVO_AUTH_TOKEN', 'EXOTEL_WEBHOOK_TOKEN'])(
    'are refused where %s is set, unless their provider is named',
    (secret) => {
      const env = { [secret]: 'a-secret-long-enough' };
      expect(accepted(env)).toEqual([]);
      expect(accepted({ ...env, ACCEPT_UNVERIFIED_WEBHOOKS: 'exotel, plivo' })).toEqual(['exotel', 'plivo']);
      expect(problemsOf({ ...env, ACCEPT_UNVERIFIED_WEBHOOKS: 'true' })).toEqual([
        expect.stringMatching(/^ACCEPT_UNVERIFIED_WEBHOOKS must name the providers/),
      ]);
    },
  );

  it('need the second setting in production where their provider is named, too', () => {
    const named = { NODE_ENV: 'production', TWILIO_AUTH_TOKEN: 't', ACCEPT_UNVERIFIED_WEBHOOKS: 'exotel' };
    expect(problemsOf(named)).toHaveLength(1);
    expect(accepted({ ...named, ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' })).toEqual(['exotel']);
  });

  it('are a mistake where the name is that of no provider', () => {
    expect(problemsOf({ ACCEPT_UNVERIFIED_WEBHOOKS: 'exotle' })).toEqual([
      expect.stringMatching(/^ACCEPT_UNVERIFIED_WEBHOOKS must be true, false, or names of twilio, plivo, exotel/),
    ]);
  });
});

describe('PUBLIC_BASE_URL', () => {
  it.each([
    ['HTTPS://Calls.Example.com', 'https://calls.example.com'],
    ['https://calls.example.com:443/', 'https://calls.example.com'],
    ['http://calls.example.com:8080/Voice//', 'http://calls.example.com:8080/Voice'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
  ])('is normalized once: %s', (PUBLIC_BASE_URL, expected) => {
    expect(loadSettings({ PUBLIC_BASE_URL }, 'smart-router').webhooks.publicBaseUrl).toBe(expected);
  });

  it('is not shown with its password where it has one', () => {
    const [problem, ...others] = problemsOf({ PUBLIC_BASE_URL: 'https://user:p%40ss@calls.example.com' });
    expect([problem, others]).toEqual([expect.stringContaining('https://[hidden]@calls.example.com'), []]);
  });
});
