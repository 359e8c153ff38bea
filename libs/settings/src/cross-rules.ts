import { mediaAddressProblems } from './media-address-rules';
import type { VariableName, Values } from './schema';
import type { AppName } from './settings';

/** A rule about several variables. It is checked where each of them is valid by itself. */
interface CrossRule {
  readonly about: readonly VariableName[];
  /** What is wrong, as a sentence; `undefined` if nothing is. */
  problem(values: Values, app: AppName): string | undefined;
}

export function isProduction({ NODE_ENV }: Pick<Values, 'NODE_ENV'>): boolean {
  return NODE_ENV === 'production';
}

export function hasProviderSecret(values: Values): boolean {
  const { TWILIO_AUTH_TOKEN, PLIVO_AUTH_TOKEN, EXOTEL_WEBHOOK_TOKEN } = values;
  return [TWILIO_AUTH_TOKEN, PLIVO_AUTH_TOKEN, EXOTEL_WEBHOOK_TOKEN].some((secret) => secret !== undefined);
}

/** A request makes up to three round trips, and each may meet a wait of others before its own. */
const WAITS_PER_DEADLINE = 6;

const HASH_TAG = /\{[^{}]+\}/;

export const CROSS_RULES: readonly CrossRule[] = [
  {
    about: ['REDIS_URL'],
    problem: ({ REDIS_URL }, app) =>
      REDIS_URL === undefined && app !== 'smart-router'
        ? `REDIS_URL is required by ${app}: the in-memory store lives in one process, only smart-router can use it (example: redis://localhost:6379)`
        : undefined,
  },
  {
    about: ['REDIS_MODE', 'REDIS_URL'],
    problem: ({ REDIS_MODE, REDIS_URL }, app) =>
      REDIS_MODE !== 'standalone' && REDIS_URL === undefined && app === 'smart-router'
        ? `REDIS_URL is required where REDIS_MODE is ${REDIS_MODE} (example: redis://node-1:6379,redis://node-2:6379)`
        : undefined,
  },
  {
    about: ['REDIS_MODE', 'REDIS_URL'],
    problem: ({ REDIS_MODE, REDIS_URL }) =>
      REDIS_MODE === 'standalone' && REDIS_URL?.includes(',')
        ? 'REDIS_URL must be one URL where REDIS_MODE is standalone (several are for REDIS_MODE=cluster and sentinel)'
        : undefined,
  },
  {
    about: ['REDIS_MODE', 'REDIS_SENTINEL_MASTER'],
    problem: ({ REDIS_MODE, REDIS_SENTINEL_MASTER }) =>
      (REDIS_MODE === 'sentinel') === (REDIS_SENTINEL_MASTER !== undefined)
        ? undefined
        : 'REDIS_SENTINEL_MASTER and REDIS_MODE=sentinel need each other (example: mymaster)',
  },
  {
    about: ['REDIS_MODE', 'REDIS_WAIT_REPLICAS'],
    problem: ({ REDIS_MODE, REDIS_WAIT_REPLICAS }) =>
      REDIS_MODE === 'cluster' && REDIS_WAIT_REPLICAS !== 0
        ? 'REDIS_WAIT_REPLICAS must be 0 where REDIS_MODE is cluster (it works with sentinels and a single Redis)'
        : undefined,
  },
  {
    about: ['REDIS_WAIT_REPLICAS', 'REDIS_WAIT_TIMEOUT', 'REQUEST_DEADLINE'],
    problem: ({ REDIS_WAIT_REPLICAS, REDIS_WAIT_TIMEOUT, REQUEST_DEADLINE }) =>
      REDIS_WAIT_REPLICAS !== 0 && REDIS_WAIT_TIMEOUT * WAITS_PER_DEADLINE > REQUEST_DEADLINE
        ? `REDIS_WAIT_TIMEOUT must be at most a sixth of REQUEST_DEADLINE, ${Math.floor(REQUEST_DEADLINE / WAITS_PER_DEADLINE)}ms (example: 100ms)`
        : undefined,
  },
  {
    about: ['REDIS_MODE', 'REDIS_KEY_PREFIX'],
    problem: ({ REDIS_MODE, REDIS_KEY_PREFIX }) =>
      REDIS_MODE === 'cluster' && !HASH_TAG.test(REDIS_KEY_PREFIX)
        ? 'REDIS_KEY_PREFIX must hold a hash tag where REDIS_MODE is cluster, so that all keys share a slot (example: {voice}:)'
        : undefined,
  },
  {
    about: ['HTTP_PORT', 'METRICS_PORT'],
    problem: ({ HTTP_PORT, METRICS_PORT }) =>
      HTTP_PORT === METRICS_PORT && HTTP_PORT !== 0
        ? `METRICS_PORT must differ from HTTP_PORT, but both are ${HTTP_PORT} (example: 9090)`
        : undefined,
  },
  {
    about: ['SHUTDOWN_DELAY', 'HTTP_SHUTDOWN_TIMEOUT'],
    problem: ({ SHUTDOWN_DELAY, HTTP_SHUTDOWN_TIMEOUT }) =>
      SHUTDOWN_DELAY >= HTTP_SHUTDOWN_TIMEOUT
        ? 'SHUTDOWN_DELAY must be shorter than HTTP_SHUTDOWN_TIMEOUT, which covers it (example: 1s)'
        : undefined,
  },
  {
    about: ['POD_SOURCE', 'STATIC_PODS', 'STATIC_PODS_FILE'],
    problem: ({ POD_SOURCE, STATIC_PODS, STATIC_PODS_FILE }) =>
      POD_SOURCE === 'kubernetes' && (STATIC_PODS !== undefined || STATIC_PODS_FILE !== undefined)
        ? 'STATIC_PODS and STATIC_PODS_FILE must be unset where POD_SOURCE is kubernetes, which takes no other pods (example: POD_SOURCE=static)'
        : undefined,
  },
  {
    about: ['POD_SOURCE', 'STATIC_PODS', 'STATIC_PODS_FILE', 'REDIS_URL'],
    problem: ({ POD_SOURCE, STATIC_PODS, STATIC_PODS_FILE, REDIS_URL }, app) =>
      POD_SOURCE === 'static' &&
      app !== 'api' &&
      REDIS_URL !== undefined &&
      STATIC_PODS === undefined &&
      STATIC_PODS_FILE === undefined
        ? 'STATIC_PODS or STATIC_PODS_FILE is required where POD_SOURCE is static and the store is Redis (example: voice-agent-0,voice-agent-1)'
        : undefined,
  },
  {
    about: ['NODE_ENV', 'API_KEYS', 'ALLOW_OPEN_API'],
    problem: (values, app) =>
      // The leader-worker has no route that a key would open.
      isProduction(values) && values.API_KEYS === undefined && !values.ALLOW_OPEN_API && app !== 'leader-worker'
        ? 'API_KEYS is required where NODE_ENV is production, since anybody could take and end calls without them; where that is meant, set ALLOW_OPEN_API=true (example: agents:write:9a7d2f41c8be4e06)'
        : undefined,
  },
  {
    about: ['NODE_ENV', 'ACCEPT_UNVERIFIED_WEBHOOKS', 'ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION'],
    problem: (values) =>
      isProduction(values) &&
      (values.ACCEPT_UNVERIFIED_WEBHOOKS ?? []).length > 0 &&
      !values.ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION
        ? 'ACCEPT_UNVERIFIED_WEBHOOKS must be false where NODE_ENV is production, since anybody could take pods by the webhooks of a provider without a secret; where that is meant, set ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION=true, too'
        : undefined,
  },
  {
    about: ['LEADER_ELECTION', 'LEADER_ELECTION_ENABLED'],
    problem: ({ LEADER_ELECTION, LEADER_ELECTION_ENABLED }) =>
      LEADER_ELECTION !== undefined &&
      LEADER_ELECTION_ENABLED !== undefined &&
      LEADER_ELECTION_ENABLED !== (LEADER_ELECTION !== 'none')
        ? `LEADER_ELECTION_ENABLED must be unset where LEADER_ELECTION is ${LEADER_ELECTION}, which it contradicts`
        : undefined,
  },
  {
    about: ['ACCEPT_UNVERIFIED_WEBHOOKS', 'TWILIO_AUTH_TOKEN', 'PLIVO_AUTH_TOKEN', 'EXOTEL_WEBHOOK_TOKEN'],
    problem: (values) =>
      values.ACCEPT_UNVERIFIED_WEBHOOKS === 'all' && hasProviderSecret(values)
        ? 'ACCEPT_UNVERIFIED_WEBHOOKS must name the providers that are meant where another one has a secret (example: exotel)'
        : undefined,
  },
  {
    about: [
      ...(['WS_URL_TEMPLATE', 'WS_URL_TEMPLATES', 'WS_URL_DEFAULTS', 'VOICE_AGENT_BASE_URL'] as const),
      ...(['TWILIO_AUTH_TOKEN', 'PLIVO_AUTH_TOKEN', 'EXOTEL_WEBHOOK_TOKEN'] as const),
    ],
    problem: (values, app) => {
      // It answers no provider, and may share the secrets of those that do.
      if (app === 'leader-worker') return undefined;
      const problems = mediaAddressProblems(values).filter(({ hasSecret }) => hasSecret);
      return problems.length > 0 ? [...new Set(problems.map(({ problem }) => problem))].join('; ') : undefined;
    },
  },
  {
    about: ['LEADER_ELECTION', 'REDIS_URL'],
    problem: ({ LEADER_ELECTION, REDIS_URL }, app) =>
      LEADER_ELECTION === 'redis' && REDIS_URL === undefined && app === 'smart-router'
        ? 'REDIS_URL is required where LEADER_ELECTION is redis (example: redis://localhost:6379)'
        : undefined,
  },
  {
    about: ['LEADER_ELECTION_LEASE_DURATION', 'LEADER_ELECTION_RENEW_DEADLINE'],
    problem: ({ LEADER_ELECTION_LEASE_DURATION, LEADER_ELECTION_RENEW_DEADLINE }) =>
      LEADER_ELECTION_LEASE_DURATION <= LEADER_ELECTION_RENEW_DEADLINE
        ? 'LEADER_ELECTION_LEASE_DURATION must be longer than LEADER_ELECTION_RENEW_DEADLINE, so that a leader stops before another one begins (example: 15s)'
        : undefined,
  },
  {
    about: ['LEADER_ELECTION_RENEW_DEADLINE', 'LEADER_ELECTION_RETRY_PERIOD'],
    problem: ({ LEADER_ELECTION_RENEW_DEADLINE, LEADER_ELECTION_RETRY_PERIOD }) =>
      LEADER_ELECTION_RENEW_DEADLINE <= LEADER_ELECTION_RETRY_PERIOD * 1.2
        ? 'LEADER_ELECTION_RENEW_DEADLINE must be longer than 1.2 times LEADER_ELECTION_RETRY_PERIOD, so that a renewal can be repeated (example: 10s)'
        : undefined,
  },
];
