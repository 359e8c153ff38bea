import { hostname } from 'node:os';
import { hasProviderSecret, isProduction } from './cross-rules';
import { mediaAddressProblems } from './media-address-rules';
import type { Values } from './schema';
import type {
  AccessSettings,
  AppName,
  HttpSettings,
  KubernetesSettings,
  LeaderSettings,
  RedisSettings,
  SentinelSettings,
  Settings,
  StartupSettings,
  TracingSettings,
  WebhookSettings,
} from './settings';
import { VERSION } from './version';

/** As large as a webhook can sensibly be. */
const BODY_LIMIT_BYTES = 64 * 1024;

/** The pods of the in-memory store where nobody named any: they fill the built-in tiers, so that every call finds one. */
const EMBEDDED_PODS = Array.from({ length: 35 }, (_, i) => `voice-agent-${i}`);

function httpSettings(values: Values): HttpSettings {
  return {
    host: values.HTTP_HOST,
    port: values.HTTP_PORT,
    shutdownTimeoutMs: values.HTTP_SHUTDOWN_TIMEOUT,
    shutdownDelayMs: values.SHUTDOWN_DELAY,
    requestDeadlineMs: values.REQUEST_DEADLINE,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    receiveTimeoutMs: values.HTTP_RECEIVE_TIMEOUT,
    idleTimeoutMs: values.HTTP_IDLE_TIMEOUT,
    keepAliveMs: values.HTTP_KEEP_ALIVE,
    maxConnections: values.HTTP_MAX_CONNECTIONS,
    maxEventLoopLagMs: values.MAX_EVENT_LOOP_LAG,
    metricsEnabled: values.METRICS_ON_API_PORT,
    trustedProxies: values.TRUSTED_PROXIES ?? [],
  };
}

function accessSettings(values: Values): AccessSettings {
  return {
    apiKeys: values.API_KEYS ?? [],
    docsEnabled: values.DOCS_ENABLED,
    rateLimits: {
      windowMs: values.RATE_LIMIT_WINDOW,
      perApiKey: values.RATE_LIMIT_PER_API_KEY,
      perAddress: values.RATE_LIMIT_PER_ADDRESS,
      webhooksPerAddress: values.WEBHOOK_RATE_LIMIT_PER_ADDRESS,
    },
  };
}

function sentinelSettings(values: Values): SentinelSettings | null {
  const { REDIS_SENTINEL_MASTER: masterName, REDIS_SENTINEL_USERNAME: username } = values;
  const password = values.REDIS_SENTINEL_PASSWORD;
  if (masterName === undefined) return null;
  return { masterName, ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}

function redisSettings(values: Values): RedisSettings | null {
  if (values.REDIS_URL === undefined) return null;
  const replicas = values.REDIS_WAIT_REPLICAS;
  return {
    url: values.REDIS_URL,
    mode: values.REDIS_MODE,
    sentinel: sentinelSettings(values),
    replication: replicas !== 0 ? { replicas, timeoutMs: values.REDIS_WAIT_TIMEOUT } : null,
    reassertWindowMs: values.REDIS_REASSERT_WINDOW,
    keyPrefix: values.REDIS_KEY_PREFIX,
    tlsCa: values.REDIS_TLS_CA ?? null,
    instanceId: values.REDIS_INSTANCE_ID ?? null,
    connectTimeoutMs: values.REDIS_CONNECT_TIMEOUT,
    startTimeoutMs: values.REDIS_START_TIMEOUT,
    auditLength: values.AUDIT_LENGTH,
  };
}

function podNames(values: Values, app: AppName): readonly string[] {
  if (values.POD_SOURCE !== 'static') return [];
  if (values.STATIC_PODS !== undefined) return values.STATIC_PODS;
  const embedded = app === 'smart-router' && values.REDIS_URL === undefined && values.STATIC_PODS_FILE === undefined;
  return embedded ? EMBEDDED_PODS : [];
}

function kubernetesSettings(values: Values): KubernetesSettings {
  const host = values.KUBERNETES_SERVICE_HOST;
  return {
    namespace: values.NAMESPACE,
    podLabelSelector: values.POD_LABEL_SELECTOR,
    agentContainer: values.AGENT_CONTAINER ?? null,
    podDeletionCost: values.POD_DELETION_COST,
    kubeconfig: values.KUBECONFIG ?? null,
    inCluster: host === undefined ? null : { host, port: values.KUBERNETES_SERVICE_PORT },
  };
}

function leaderElection(values: Values): LeaderSettings['election'] {
  if (values.LEADER_ELECTION !== undefined) return values.LEADER_ELECTION;
  const isInCluster = values.POD_SOURCE === 'kubernetes' && values.REDIS_URL !== undefined;
  return isInCluster && values.LEADER_ELECTION_ENABLED !== false ? 'kubernetes' : 'none';
}

function leaderSettings(values: Values): LeaderSettings {
  return {
    election: leaderElection(values),
    identity: values.LEADER_ELECTION_IDENTITY ?? `${hostname()}-${process.pid}`,
    lease: {
      name: values.LEADER_ELECTION_LEASE_NAME,
      namespace: values.LEADER_ELECTION_NAMESPACE ?? values.NAMESPACE,
    },
    timings: {
      leaseDurationMs: values.LEADER_ELECTION_LEASE_DURATION,
      renewDeadlineMs: values.LEADER_ELECTION_RENEW_DEADLINE,
      retryPeriodMs: values.LEADER_ELECTION_RETRY_PERIOD,
    },
  };
}

function webhookSettings(values: Values): WebhookSettings {
  return {
    prefix: values.WEBHOOK_PREFIX,
    publicBaseUrl: values.PUBLIC_BASE_URL ?? null,
    trustForwarded: values.TRUST_FORWARDED_HEADERS,
    storeDown: values.WEBHOOK_STORE_DOWN,
    maxUnknownEnds: values.UNKNOWN_ENDS_PER_PROVIDER,
    maxUnknownEndsPerAddress: values.UNKNOWN_ENDS_PER_ADDRESS,
    spokenNoCapacity: values.NO_CAPACITY_MESSAGE,
    spokenFailure: values.FAILURE_MESSAGE,
    twilioAuthTokens: values.TWILIO_AUTH_TOKEN ?? [],
    plivoAuthTokens: values.PLIVO_AUTH_TOKEN ?? [],
    plivoAcceptV2: values.PLIVO_ACCEPT_V2,
    mediaAddressProblems: mediaAddressProblems(values).map(({ provider, problem }) => ({ provider, problem })),
    strictIds: values.STRICT_CALL_IDS,
    exotelTokens: values.EXOTEL_WEBHOOK_TOKEN ?? [],
    // A provider that nobody set up is then closed, whatever else an operator forgets.
    acceptUnverified:
      values.ACCEPT_UNVERIFIED_WEBHOOKS ?? (isProduction(values) || hasProviderSecret(values) ? [] : 'all'),
  };
}

function startupSettings(values: Values): StartupSettings {
  return {
    profile: values.STARTUP_PROFILE,
    robust: values.USE_ROBUST_STARTUP,
    degradedAllowed: values.GRACEFUL_STARTUP_MODE && values.ALLOW_DEGRADED_MODE,
    maxRetries: values.STARTUP_MAX_RETRIES ?? null,
    breakerThreshold: values.STARTUP_CIRCUIT_BREAKER_THRESHOLD ?? null,
    recoveryMs: values.STARTUP_RECOVERY_TIMEOUT ?? null,
    deadlineMs: values.STARTUP_TIMEOUT ?? null,
  };
}

function sampledShare({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio }: Values): number {
  if (sampler.endsWith('traceidratio')) return ratio;
  return sampler.endsWith('always_on') ? 1 : 0;
}

function tracingSettings(values: Values): TracingSettings | null {
  if (values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null;
  const sampler = values.OTEL_TRACES_SAMPLER;
  return {
    endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    timeoutMs: values.OTEL_EXPORTER_OTLP_TIMEOUT,
    serviceName: values.OTEL_SERVICE_NAME,
    resourceAttributes: values.OTEL_RESOURCE_ATTRIBUTES ?? {},
    sampler: {
      follows: sampler.startsWith('parentbased_') ? 'parent' : 'nobody',
      ratio: sampledShare(values),
    },
  };
}

/** From flat variables to the typed shape that the code reads. */
export function buildSettings(values: Values, app: AppName): Settings {
  return {
    app,
    version: VERSION,
    http: httpSettings(values),
    access: accessSettings(values),
    metricsPort: values.METRICS_PORT,
    livenessStoreTimeoutMs: values.LIVENESS_STORE_TIMEOUT,
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
    tracing: tracingSettings(values),
    redis: redisSettings(values),
    keyPrefix: values.REDIS_KEY_PREFIX,
    timings: {
      leaseMs: values.LEASE_TTL,
      callInfoMs: values.CALL_INFO_TTL,
      drainMs: values.DRAINING_TTL,
      endedCallMs: values.ENDED_CALL_TTL,
      failoverHoldMs: values.REDIS_FAILOVER_HOLD,
      failoverHoldMaxMs: values.REDIS_FAILOVER_HOLD_MAX,
    },
    tierConfig: { text: values.TIER_CONFIG ?? null, refreshMs: values.TIER_CONFIG_REFRESH_INTERVAL },
    pods: { source: values.POD_SOURCE, names: podNames(values, app), file: values.STATIC_PODS_FILE ?? null },
    kubernetes: kubernetesSettings(values),
    leader: leaderSettings(values),
    cleanupIntervalMs: values.CLEANUP_INTERVAL,
    massExpiryHoldMs: values.MASS_EXPIRY_HOLD,
    reconcileIntervalMs: values.RECONCILE_INTERVAL,
    wsUrl: {
      template: values.WS_URL_TEMPLATE,
      templatesByFlow: values.WS_URL_TEMPLATES ?? {},
      defaults: values.WS_URL_DEFAULTS ?? {},
      parameters: values.WS_URL_PARAMETERS ?? {},
      baseUrl: values.VOICE_AGENT_BASE_URL,
    },
    webhooks: webhookSettings(values),
    startup: startupSettings(values),
  };
}
