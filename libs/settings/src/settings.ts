/** The applications: HTTP only, leader work only, both in one process. */
export type AppName = 'api' | 'leader-worker' | 'smart-router';

export interface HttpSettings {
  /** The address that the API and the metrics server listen on. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** The longest time for a whole shutdown. */
  readonly shutdownTimeoutMs: number;
  /** From readiness 503 until new connections end. */
  readonly shutdownDelayMs: number;
  /** Every request is answered within this time. */
  readonly requestDeadlineMs: number;
  readonly bodyLimitBytes: number;
  /** A client that takes longer to send its request is cut off. */
  readonly receiveTimeoutMs: number;
  /** A connection on which nothing moves for longer, in the middle of a request or answer, is closed. */
  readonly idleTimeoutMs: number;
  /** How long a connection is kept open between two requests. */
  readonly keepAliveMs: number;
  /** Beyond this, new connections are closed at once. */
  readonly maxConnections: number;
  /** While the event loop lags behind by more than this on average, requests are rejected. 0: never. */
  readonly maxEventLoopLagMs: number;
  /** Whether `/metrics` is served on this port, too. */
  readonly metricsEnabled: boolean;
  /** Proxies whose `X-Forwarded-For` names the address of the client. */
  readonly trustedProxies: readonly string[];
}

/** Requests that a sender may make within a window, at each process. 0: as many as it likes. */
interface RateLimitSettings {
  readonly windowMs: number;
  readonly perApiKey: number;
  readonly perAddress: number;
  readonly webhooksPerAddress: number;
}

/** A secret that opens the API. `write` includes `read`. */
export interface ApiKeySetting {
  /** Stands in the log in place of the secret. */
  readonly name: string;
  readonly scope: 'read' | 'write';
  readonly secret: string;
}

export interface AccessSettings {
  /** As at the start; see `Secrets` for those in force. Empty: the API is open to everybody who can reach it. */
  readonly apiKeys: readonly ApiKeySetting[];
  /** Whether `/docs` and `/docs-json` are served; they are open to everybody. */
  readonly docsEnabled: boolean;
  readonly rateLimits: RateLimitSettings;
}

interface LogSettings {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly format: 'json' | 'console';
}

export interface TracingSettings {
  /** The base URL of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  /** As at the start; see `Secrets` for those in force. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sending one batch, with all its retries. */
  readonly timeoutMs: number;
  readonly serviceName: string;
  /** What else the traces say of this process. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly sampler: {
    /** `parent`: a request whose sender says whether its trace is sampled is treated alike. */
    readonly follows: 'parent' | 'nobody';
    /** The share of all other requests, from 0 to 1. */
    readonly ratio: number;
  };
}

export interface SentinelSettings {
  readonly masterName: string;
  readonly username?: string;
  readonly password?: string;
}

export interface RedisSettings {
  /** In cluster mode start nodes, in sentinel mode sentinels, separated by commas. May hold a password: never log it. */
  readonly url: string;
  readonly mode: 'standalone' | 'sentinel' | 'cluster';
  /** `null` but in sentinel mode. */
  readonly sentinel: SentinelSettings | null;
  /** What must be so before a change of a call or a drain is acknowledged; `null`: the master has it. */
  readonly replication: { readonly replicas: number | 'all'; readonly timeoutMs: number } | null;
  /** How far back grants and releases are replayed after a loss of data; 0: not at all. */
  readonly reassertWindowMs: number;
  readonly keyPrefix: string;
  /** Certificates in PEM form in place of the well-known authorities; `null`: those. */
  readonly tlsCa: string | null;
  /** The mark that the store must carry; `null`: the one that it has at the start. */
  readonly instanceId: string | null;
  /** One attempt to connect. */
  readonly connectTimeoutMs: number;
  /** All attempts at the start together. */
  readonly startTimeoutMs: number;
  /** About how many operations the audit of the store keeps; 0: there is none. */
  readonly auditLength: number;
}

/** Lifetimes of what the store holds. */
interface TimingSettings {
  readonly leaseMs: number;
  readonly callInfoMs: number;
  readonly drainMs: number;
  readonly endedCallMs: number;
  /** How long calls are held at least once it is noticed that Redis may have lost some; 0: not at all. */
  readonly failoverHoldMs: number;
  /** At most this long a process is waited for that is silent since the loss. */
  readonly failoverHoldMaxMs: number;
}

export interface WebhookSettings {
  /** Begins with a slash and does not end with one. */
  readonly prefix: string;
  /** Scheme and host in lower case, without the scheme's own port, a slash at the end, user, query and fragment. */
  readonly publicBaseUrl: string | null;
  /** Whether `Forwarded` and `X-Forwarded-*` name the public address. */
  readonly trustForwarded: boolean;
  /** What a provider that hangs up on a failure gets where the store does not answer. */
  readonly storeDown: 'speak' | '503';
  /** How many ends of calls that were never met each provider may report within the time that ends are remembered. */
  readonly maxUnknownEnds: number;
  /** The same for each address that reports for a provider without a secret, within the window of rate limits. 0: any number. */
  readonly maxUnknownEndsPerAddress: number;
  readonly spokenNoCapacity: string;
  readonly spokenFailure: string;
  /** As at the start; see `Secrets` for those in force. Empty: signatures are not checked. The same holds for the others. */
  readonly twilioAuthTokens: readonly string[];
  readonly plivoAuthTokens: readonly string[];
  readonly plivoAcceptV2: boolean;
  /** Whether signed webhooks must name calls and accounts as Twilio and Plivo do. */
  readonly strictIds: boolean;
  readonly exotelTokens: readonly string[];
  /** The providers without a secret whose webhooks are taken from anybody. `all` only where no provider has one. */
  readonly acceptUnverified: 'all' | readonly string[];
  /** What providers without a secret cannot carry of the addresses of calls; with a secret that is a mistake. */
  readonly mediaAddressProblems: readonly { readonly provider: string; readonly problem: string }[];
}

/** Where the Kubernetes API is, and what of it concerns this product. */
export interface KubernetesSettings {
  readonly namespace: string;
  /** Which pods of the namespace are voice agents. */
  readonly podLabelSelector: string;
  /** The container of a pod that has the calls; `null` for the first one. */
  readonly agentContainer: string | null;
  /** Whether each pod's annotation is kept in step with the number of its calls. */
  readonly podDeletionCost: boolean;
  /** Path of a kubeconfig file; it wins over `inCluster`. */
  readonly kubeconfig: string | null;
  /** The API as seen from a pod; `null` outside a cluster. */
  readonly inCluster: { readonly host: string; readonly port: number } | null;
}

export interface LeaderSettings {
  readonly election: 'kubernetes' | 'redis' | 'none';
  /** How this process calls itself to operators. */
  readonly identity: string;
  /** The Lease object in Kubernetes. */
  readonly lease: { readonly name: string; readonly namespace: string };
  /** Lease duration (whole seconds) above renew deadline above 1.2 times the retry period. */
  readonly timings: {
    readonly leaseDurationMs: number;
    readonly renewDeadlineMs: number;
    readonly retryPeriodMs: number;
  };
}

/** How components are started; `null`: what the profile says. */
export interface StartupSettings {
  readonly profile: 'production' | 'development' | 'test';
  readonly robust: boolean;
  /** Whether the process may serve without a component of priority HIGH. */
  readonly degradedAllowed: boolean;
  readonly maxRetries: number | null;
  readonly breakerThreshold: number | null;
  readonly recoveryMs: number | null;
  readonly deadlineMs: number | null;
}

/** Everything that an operator can set, checked and frozen. */
export interface Settings {
  readonly app: AppName;
  readonly version: string;
  readonly http: HttpSettings;
  readonly access: AccessSettings;
  /** 0: a free one. */
  readonly metricsPort: number;
  /** How long a process may be without its store until its liveness probe fails; 0: for ever. */
  readonly livenessStoreTimeoutMs: number;
  readonly log: LogSettings;
  /** `null`: there are no traces. */
  readonly tracing: TracingSettings | null;
  /** `null`: the store is in this process's memory. */
  readonly redis: RedisSettings | null;
  readonly keyPrefix: string;
  readonly timings: TimingSettings;
  readonly tierConfig: {
    /** The JSON of an object, of any of the shapes; `null`: the built-in tiers. */
    readonly text: string | null;
    readonly refreshMs: number;
  };
  readonly pods: {
    readonly source: 'static' | 'kubernetes';
    /** Those of the source `static`. */
    readonly names: readonly string[];
    /** A file with one name a line, besides `names`. */
    readonly file: string | null;
  };
  readonly kubernetes: KubernetesSettings;
  readonly leader: LeaderSettings;
  readonly cleanupIntervalMs: number;
  /** How long calls are kept whose lease is suspect, since the store's clock may have jumped. */
  readonly massExpiryHoldMs: number;
  readonly reconcileIntervalMs: number;
  readonly wsUrl: {
    readonly template: string;
    /** Templates of single flows, in place of `template`. */
    readonly templatesByFlow: Readonly<Record<string, string>>;
    /** Stand for what a caller left out; the names are those of placeholders. */
    readonly defaults: Readonly<Record<string, string>>;
    /** Texts with placeholders, by the name of the parameter of the stream. */
    readonly parameters: Readonly<Record<string, string>>;
    /** Normalized as `publicBaseUrl` is. */
    readonly baseUrl: string;
  };
  readonly webhooks: WebhookSettings;
  readonly startup: StartupSettings;
}
