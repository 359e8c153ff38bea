import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from './load-settings';
import type { AppName } from './settings';
import { problemsOf } from './testing/problems-of';

const REDIS = { REDIS_URL: 'redis://localhost:6379', STATIC_PODS: 'pod-0' };

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'settings-')), 'value');
  writeFileSync(path, text);
  return path;
}

describe('with an empty environment', () => {
  const settings = loadSettings({}, 'smart-router');

  it('uses the documented defaults', () => {
    expect(settings).toMatchObject({
      app: 'smart-router',
      http: {
        host: '0.0.0.0',
        port: 8080,
        shutdownTimeoutMs: 30_000,
        shutdownDelayMs: 1000,
        requestDeadlineMs: 2000,
        bodyLimitBytes: 65_536,
        receiveTimeoutMs: 15_000,
        idleTimeoutMs: 75_000,
        maxConnections: 10_000,
        maxEventLoopLagMs: 500,
        trustedProxies: [],
      },
      access: {
        apiKeys: [],
        docsEnabled: true,
        rateLimits: { windowMs: 60_000, perApiKey: 0, perAddress: 0, webhooksPerAddress: 0 },
      },
      metricsPort: 9090,
      livenessStoreTimeoutMs: 0,
      log: { level: 'info', format: 'json' },
      redis: null,
      keyPrefix: 'voice:',
      timings: { leaseMs: 86_400_000, callInfoMs: 86_400_000, drainMs: 360_000, endedCallMs: 600_000 },
      tierConfig: { text: null, refreshMs: 30_000 },
      leader: { election: 'none' },
      cleanupIntervalMs: 30_000,
      massExpiryHoldMs: 120_000,
      reconcileIntervalMs: 60_000,
      wsUrl: { template: '{base_url}/ws/pod/{pod_name}/{call_sid}', baseUrl: 'ws://localhost:8000' },
      webhooks: {
        prefix: '/agent/voice/breeze-buddy',
        publicBaseUrl: null,
        trustForwarded: false,
        twilioAuthTokens: [],
        plivoAuthTokens: [],
        plivoAcceptV2: false,
        exotelTokens: [],
        acceptUnverified: 'all',
      },
    });
  });

  it('gives the embedded store as many pods as the built-in tiers want', () => {
    expect(settings.pods).toMatchObject({ source: 'static', file: null });
    expect(settings.pods.names).toHaveLength(10 + 20 + 5);
    expect(settings.pods.names[34]).toBe('voice-agent-34');
  });

  it('is frozen in depth', () => {
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.http)).toBe(true);
    expect(Object.isFrozen(settings.pods.names)).toBe(true);
  });
});

it('reads every value that is given', () => {
  const env = {
    REDIS_URL: 'rediss://user:secret@redis:6380/2',
    REDIS_START_TIMEOUT: '1m30s',
    STATIC_PODS: ' a , b,',
    TIER_CONFIG: '{"gold":1}',
    TWILIO_AUTH_TOKEN: 'new, old',
    PUBLIC_BASE_URL: 'https://calls.example.com/',
    WEBHOOK_PREFIX: '/hooks/',
    TRUST_FORWARDED_HEADERS: 'TRUE',
    SHUTDOWN_DELAY: '0s',
    HTTP_KEEP_ALIVE: '620s',
    AGENT_CONTAINER: 'agent',
  };
  expect(loadSettings(env, 'leader-worker')).toMatchObject({
    http: { shutdownDelayMs: 0, keepAliveMs: 620_000 },
    kubernetes: { agentContainer: 'agent' },
    redis: {
      url: 'rediss://user:secret@redis:6380/2',
      mode: 'standalone',
      keyPrefix: 'voice:',
      startTimeoutMs: 90_000,
    },
    pods: { names: ['a', 'b'] },
    tierConfig: { text: '{"gold":1}' },
    webhooks: {
      twilioAuthTokens: ['new', 'old'],
      publicBaseUrl: 'https://calls.example.com',
      prefix: '/hooks',
      trustForwarded: true,
    },
  });
});

it('takes an empty or blank value as unset', () => {
  expect(loadSettings({ HTTP_PORT: '', REDIS_URL: '  ' }, 'smart-router')).toMatchObject({
    http: { port: 8080 },
    redis: null,
  });
});

it('lists all mistakes at once, each with its name, rule and example', () => {
  const WS_URL_TEMPLATE = '{base_url}/{region}';
  const wrong = { HTTP_PORT: 'web', LOG_LEVEL: 'loud', LEASE_TTL: 'a day', POD_SOURCE: 'kiosk', WS_URL_TEMPLATE };
  const problems = problemsOf(wrong);
  expect(problems).toEqual([
    'HTTP_PORT must be a port number from 0 to 65535 (0 picks a free one), but is "web" (example: 8080)',
    'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, but is "loud" (example: debug)',
    expect.stringMatching(/^LEASE_TTL must be a duration .*, but is "a day" \(example: 24h\)$/),
    'POD_SOURCE must be one of static, kubernetes, but is "kiosk" (example: kubernetes)',
    expect.stringMatching(/^WS_URL_TEMPLATE must be .*\{pod_name\}.*\{region\}/),
  ]);
});

it('lists what a domain says of a variable together with the other mistakes', () => {
  const check = { name: 'TIER_CONFIG', problem: (text: string) => `says ${text}` } as const;
  const load = (env: Record<string, string>) => () => loadSettings(env, 'smart-router', [check]);
  expect(load({ HTTP_PORT: 'web', TIER_CONFIG: '{}' })).toThrow(
    expect.objectContaining({ problems: [expect.stringMatching(/^HTTP_PORT must /), 'TIER_CONFIG says {}'] }),
  );
  expect(load({ TIER_CONFIG: 'no json' })).toThrow(
    expect.objectContaining({ problems: [expect.stringMatching(/^TIER_CONFIG must /)] }),
  );
  expect(load({})).not.toThrow();
});

it('never shows the value of a secret', () => {
  const problems = problemsOf({ REDIS_URL: 'http://user:hunter2@redis' });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('REDIS_URL must be');
  expect(problems[0]).not.toContain('hunter2');
});

it.each([
  ['HTTP_PORT', '65536'],
  ['HTTP_PORT', '-1'],
  ['HTTP_PORT', '80.5'],
  ['REQUEST_DEADLINE', '0s'],
  ['REQUEST_DEADLINE', '2'],
  ['REQUEST_DEADLINE', '597h'],
  ['TIER_CONFIG', '{'],
  ['TIER_CONFIG', '[1]'],
  ['TIER_CONFIG', 'null'],
  ['TIER_CONFIG_REFRESH_INTERVAL', '31s'],
  ['NODE_ENV', 'prod'],
  ['NODE_ENV', 'Production'],
  ['STATIC_PODS', 'a,a'],
  ['STATIC_PODS', 'a b'],
  ['STATIC_PODS', 'a,..'],
  ['STATIC_PODS', ','],
  ['REDIS_MODE', 'replicated'],
  ['REDIS_WAIT_REPLICAS', '-1'],
  ['REDIS_WAIT_REPLICAS', 'ALL'],
  ['REDIS_WAIT_TIMEOUT', '0s'],
  ['REDIS_KEY_PREFIX', 'a b'],
  ['REDIS_KEY_PREFIX', 'a*'],
  ['LEADER_ELECTION', 'dice'],
  ['LEADER_ELECTION_LEASE_NAME', 'Not A Name'],
  ['LEADER_ELECTION_NAMESPACE', 'a/b'],
  ['LEADER_ELECTION_LEASE_DURATION', '1500ms'],
  ['LEADER_ELECTION_RENEW_DEADLINE', '0s'],
  ['LEADER_ELECTION_RETRY_PERIOD', 'often'],
  ['NAMESPACE', 'Voice'],
  ['NAMESPACE', 'voice/other'],
  ['POD_LABEL_SELECTOR', 'app=voice&limit=1'],
  ['KUBERNETES_SERVICE_PORT', 'https'],
  ['VOICE_AGENT_BASE_URL', 'http://voice'],
  ['VOICE_AGENT_BASE_URL', 'voice'],
  ['WS_URL_TEMPLATE', '{base_url}/{pod}'],
  ['WS_URL_TEMPLATE', '{base_url}/{pod_name'],
  ['WEBHOOK_PREFIX', 'hooks'],
  ['WEBHOOK_PREFIX', '/'],
  ['PUBLIC_BASE_URL', 'calls.example.com'],
  ['PUBLIC_BASE_URL', 'https://user@calls.example.com'],
  ['PUBLIC_BASE_URL', 'https://:secret@calls.example.com'],
  ['PUBLIC_BASE_URL', 'https://calls.example.com/?x=1'],
  ['PUBLIC_BASE_URL', 'https://calls.example.com/?'],
  ['PUBLIC_BASE_URL', 'https://calls.example.com/#top'],
  ['VOICE_AGENT_BASE_URL', 'wss://voice/?x=1'],
  ['PLIVO_ACCEPT_V2', 'maybe'],
  ['TWILIO_AUTH_TOKEN', ','],
  ['EXOTEL_WEBHOOK_TOKEN', 'fifteen-letters'],
  ['EXOTEL_WEBHOOK_TOKEN', 'sixteen-letters!\nfifteen-letters'],
  ['REDIS_URL', 'redis://user:100%@redis'],
  ['HTTP_MAX_CONNECTIONS', '0'],
  ['HTTP_MAX_CONNECTIONS', '1000001'],
  ['HTTP_RECEIVE_TIMEOUT', '0s'],
])('refuses %s=%s', (name, value) => {
  expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} must `))]);
});

describe('secrets from files', () => {
  it('reads the value without the line end of the file', () => {
    const { webhooks } = loadSettings(
      { EXOTEL_WEBHOOK_TOKEN_FILE: fileWith('a secret, top secret\n') },
      'smart-router',
    );
    expect(webhooks.exotelTokens).toEqual(['a secret, top secret']);
  });

  it('reads the URL of Redis', () => {
    const env = { REDIS_URL_FILE: fileWith('redis://redis:6379\n') };
    expect(loadSettings(env, 'api').redis?.url).toBe('redis://redis:6379');
  });

  it('refuses a value and a file for the same secret', () => {
    expect(problemsOf({ REDIS_URL: 'redis://a', REDIS_URL_FILE: fileWith('redis://b') }, 'api')).toEqual([
      'REDIS_URL and REDIS_URL_FILE exclude each other: set one of them',
    ]);
  });

  it('reads the old and the new token of Exotel from two lines', () => {
    const env = { EXOTEL_WEBHOOK_TOKEN_FILE: fileWith('the-new-long-token\r\nthe-old-long-token\n') };
    const { exotelTokens } = loadSettings(env, 'smart-router').webhooks;
    expect(exotelTokens).toEqual(['the-new-long-token', 'the-old-long-token']);
  });

  it.each(['API_KEYS', 'REDIS_SENTINEL_PASSWORD', 'TWILIO_AUTH_TOKEN'])('refuses an empty file of %s', (name) => {
    const path = fileWith('\n');
    expect(problemsOf({ [`${name}_FILE`]: path })).toEqual([
      `${name}_FILE must name a file that holds a value, but ${path} is empty`,
    ]);
  });

  it('refuses a file that cannot be read', () => {
    expect(problemsOf({ PLIVO_AUTH_TOKEN_FILE: '/does/not/exist' })).toEqual([
      'PLIVO_AUTH_TOKEN_FILE must name a readable file, but /does/not/exist is not (ENOENT)',
    ]);
  });
});

describe('rules about several variables', () => {
  it.each<AppName>(['api', 'leader-worker'])('requires Redis for %s', (app) => {
    expect(problemsOf({ STATIC_PODS: 'a' }, app)).toEqual([expect.stringContaining(`REDIS_URL is required by ${app}`)]);
  });

  it('requires a hash tag in the key prefix of a cluster', () => {
    expect(problemsOf({ ...REDIS, REDIS_MODE: 'cluster' })).toEqual([
      expect.stringMatching(/^REDIS_KEY_PREFIX must hold a hash tag/),
    ]);
    expect(problemsOf({ ...REDIS, REDIS_MODE: 'cluster', REDIS_KEY_PREFIX: '{voice}:' })).toEqual([]);
  });

  it('takes several URLs for a cluster, and one only for a single server', () => {
    const REDIS_URL = 'redis://a:1, redis://b:2';
    const cluster = { ...REDIS, REDIS_URL, REDIS_MODE: 'cluster', REDIS_KEY_PREFIX: '{v}:' };
    expect(loadSettings(cluster, 'smart-router').redis?.url).toBe('redis://a:1,redis://b:2');
    expect(problemsOf({ ...REDIS, REDIS_URL })).toEqual([expect.stringMatching(/^REDIS_URL must be one URL/)]);
  });

  it('requires Redis in cluster mode', () => {
    expect(problemsOf({ REDIS_MODE: 'cluster', REDIS_KEY_PREFIX: '{v}:' })).toEqual([
      expect.stringMatching(/^REDIS_URL is required where REDIS_MODE is cluster/),
    ]);
  });

  it('refuses one port for both servers, unless each picks its own', () => {
    expect(problemsOf({ HTTP_PORT: '9090' })).toEqual([expect.stringMatching(/^METRICS_PORT must differ/)]);
    expect(problemsOf({ HTTP_PORT: '0', METRICS_PORT: '0' })).toEqual([]);
  });

  it('refuses a shutdown delay that the shutdown has no time for', () => {
    expect(problemsOf({ SHUTDOWN_DELAY: '30s' })).toEqual([expect.stringMatching(/^SHUTDOWN_DELAY must be shorter/)]);
  });

  it.each<[AppName, number]>([
    ['leader-worker', 1],
    ['smart-router', 1],
    ['api', 0],
  ])('asks who works on pools with Redis for a list of pods: %s', (app, problems) => {
    expect(problemsOf({ REDIS_URL: REDIS.REDIS_URL }, app)).toHaveLength(problems);
  });

  it('takes pods from Kubernetes with no further setting', () => {
    const { kubernetes, pods } = loadSettings({ POD_SOURCE: 'kubernetes' }, 'smart-router');
    expect(pods).toEqual({ source: 'kubernetes', names: [], file: null });
    expect(kubernetes).toEqual({
      namespace: 'voice-system',
      podLabelSelector: 'app=voice-agent',
      agentContainer: null,
      podDeletionCost: false,
      kubeconfig: null,
      inCluster: null,
    });
    expect(problemsOf({ POD_SOURCE: 'kubernetes', REDIS_URL: REDIS.REDIS_URL }, 'leader-worker')).toEqual([]);
  });

  it('knows the Kubernetes API from what Kubernetes sets in a pod', () => {
    const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '6443' };
    expect(loadSettings(env, 'smart-router').kubernetes.inCluster).toEqual({ host: '10.96.0.1', port: 6443 });
  });

  it.each(['STATIC_PODS', 'STATIC_PODS_FILE'])('refuses %s beside pods from Kubernetes', (name) => {
    expect(problemsOf({ POD_SOURCE: 'kubernetes', [name]: 'pod-0' })).toEqual([
      expect.stringMatching(/^STATIC_PODS and STATIC_PODS_FILE must be unset/),
    ]);
  });

  it('does not check variables together where one of them is wrong by itself', () => {
    expect(problemsOf({ ...REDIS, REDIS_MODE: 'replicated', REDIS_KEY_PREFIX: 'plain:' })).toHaveLength(1);
  });
});
