import { loadSettings } from './load-settings';
import { problemsOf } from './testing/problems-of';

type Env = Parameters<typeof loadSettings>[0];

/** With an open API, which is not what these tests are about. */
const PRODUCTION = { NODE_ENV: 'production', ALLOW_OPEN_API: 'true' };

describe('webhooks that nobody can verify', () => {
  const accepted = (env: Env) => loadSettings(env, 'smart-router').webhooks.acceptUnverified;

  it.each([undefined, 'development', 'test'])('are taken where NODE_ENV is %s', (NODE_ENV) => {
    expect(accepted({ NODE_ENV })).toBe('all');
  });

  it('are refused in production where nothing is said about them', () => {
    expect(accepted(PRODUCTION)).toEqual([]);
  });

  it('are no reason to refuse the start in production where they are refused', () => {
    expect(problemsOf({ ...PRODUCTION, ACCEPT_UNVERIFIED_WEBHOOKS: 'false' })).toEqual([]);
  });

  it('are a mistake in production where they are accepted by one setting alone', () => {
    expect(problemsOf({ ...PRODUCTION, ACCEPT_UNVERIFIED_WEBHOOKS: 'true' })).toEqual([
      expect.stringMatching(/^ACCEPT_UNVERIFIED_WEBHOOKS must be false where NODE_ENV is production/),
    ]);
  });

  it('are taken in production where both settings say so', () => {
    const both = { ACCEPT_UNVERIFIED_WEBHOOKS: 'true', ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' };
    expect(accepted({ ...PRODUCTION, ...both })).toBe('all');
  });

  it('are refused in production where only the second setting is there', () => {
    expect(accepted({ ...PRODUCTION, ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' })).toEqual([]);
  });

  it.each(['TWILIO_AUTH_TOKEN', 'PLIVO_AUTH_TOKEN', 'EXOTEL_WEBHOOK_TOKEN'])(
    'are refused where %s is set, unless their provider is named',
    (secret) => {
      const env = { [secret]: 'a-secret-long-enough', VOICE_AGENT_BASE_URL: 'wss://voice' };
      expect(accepted(env)).toEqual([]);
      expect(accepted({ ...env, ACCEPT_UNVERIFIED_WEBHOOKS: 'exotel, plivo' })).toEqual(['exotel', 'plivo']);
      expect(problemsOf({ ...env, ACCEPT_UNVERIFIED_WEBHOOKS: 'true' })).toEqual([
        expect.stringMatching(/^ACCEPT_UNVERIFIED_WEBHOOKS must name the providers/),
      ]);
    },
  );

  it('need the second setting in production where their provider is named, too', () => {
    const named = {
      ...PRODUCTION,
      EXOTEL_WEBHOOK_TOKEN: 'a-secret-long-enough',
      ACCEPT_UNVERIFIED_WEBHOOKS: 'plivo',
    };
    expect(problemsOf(named)).toHaveLength(1);
    expect(accepted({ ...named, ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: 'true' })).toEqual(['plivo']);
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

describe('the addresses of calls', () => {
  const SECRET = 'a-secret-long-enough';
  const WSS = { VOICE_AGENT_BASE_URL: 'wss://voice.example.com' };

  it('are read by flow, with defaults and parameters', () => {
    const { wsUrl } = loadSettings(
      {
        WS_URL_TEMPLATES: '{"v2":"{base_url}/{pod_name}/{template}/v2"}',
        WS_URL_DEFAULTS: 'flow = v2, template=order-confirmation',
        WS_URL_PARAMETERS: 'pod={pod_name},pair=a={flow}',
      },
      'smart-router',
    );
    expect(wsUrl).toMatchObject({
      templatesByFlow: { v2: '{base_url}/{pod_name}/{template}/v2' },
      defaults: { flow: 'v2', template: 'order-confirmation' },
      parameters: { pod: '{pod_name}', pair: 'a={flow}' },
    });
  });

  it.each([
    ['WS_URL_TEMPLATES', '{"v2":"{pod}"}'],
    ['WS_URL_TEMPLATES', '{"v2":7}'],
    ['WS_URL_TEMPLATES', '{"a b":"x"}'],
    ['WS_URL_TEMPLATES', '["x"]'],
    ['WS_URL_TEMPLATES', '{'],
    ['WS_URL_DEFAULTS', 'pod_name=x'],
    ['WS_URL_DEFAULTS', 'flow=a b'],
    ['WS_URL_DEFAULTS', 'template=..'],
    ['WS_URL_DEFAULTS', 'flow=a,flow=b'],
    ['WS_URL_DEFAULTS', 'flow'],
    ['WS_URL_PARAMETERS', 'pod={base_url}'],
    ['WS_URL_PARAMETERS', 'pod={pod}'],
    ['WS_URL_PARAMETERS', '=x'],
  ])('are a mistake where %s is %s', (name, text) => {
    expect(problemsOf({ [name]: text })).toEqual([expect.stringMatching(`^${name} must be `)]);
  });

  const TEMPLATE = { WS_URL_TEMPLATE: '{base_url}/{pod_name}?call={call_sid}' };
  const FLOW = { WS_URL_TEMPLATES: '{"v2":"{base_url}/{pod_name}?call={call_sid}"}' };
  const LONG = { WS_URL_TEMPLATE: `{base_url}/${'x'.repeat(540)}/{pod_name}/{call_sid}` };
  const FOUR = { WS_URL_TEMPLATE: '{base_url}/{pod_name}?a={flow}&b={flow}&c={flow}&d={flow}' };

  it.each([
    ['twilio', 'TWILIO_AUTH_TOKEN', { ...WSS, ...TEMPLATE }, /^WS_URL_TEMPLATE must have no query for Twilio/],
    ['twilio', 'TWILIO_AUTH_TOKEN', { ...WSS, ...FLOW }, /^WS_URL_TEMPLATES must have no query for Twilio/],
    ['twilio', 'TWILIO_AUTH_TOKEN', {}, /^VOICE_AGENT_BASE_URL must begin with wss/],
    ['plivo', 'PLIVO_AUTH_TOKEN', {}, /^VOICE_AGENT_BASE_URL must begin with wss/],
    ['exotel', 'EXOTEL_WEBHOOK_TOKEN', { ...WSS, ...LONG }, /at most 600 characters for Exotel/],
    ['exotel', 'EXOTEL_WEBHOOK_TOKEN', { ...WSS, ...FOUR }, /at most 3 pairs/],
  ])('are a mistake where %s has a secret and cannot carry them: %s, %j', (provider, secret, env, problem) => {
    expect(problemsOf({ ...env, [secret]: SECRET })).toEqual([expect.stringMatching(problem)]);
    const { mediaAddressProblems } = loadSettings(env, 'smart-router').webhooks;
    expect(mediaAddressProblems).toContainEqual({ provider, problem: expect.stringMatching(problem) });
  });

  it('are of no interest to the leader, which answers no provider', () => {
    expect(() =>
      loadSettings({ REDIS_URL: 'redis://r', STATIC_PODS: 'p', TWILIO_AUTH_TOKEN: SECRET }, 'leader-worker'),
    ).not.toThrow();
  });

  it.each([
    ['TWILIO_AUTH_TOKEN', WSS],
    ['PLIVO_AUTH_TOKEN', { ...WSS, ...TEMPLATE }],
    ['EXOTEL_WEBHOOK_TOKEN', TEMPLATE],
  ])('are none where the provider of %s can carry them: %j', (secret, env) => {
    expect(problemsOf({ ...env, [secret]: SECRET })).toEqual([]);
  });
});
