import {
  Cluster,
  type ClusterOptions,
  type CommonRedisOptions,
  Redis,
  type RedisOptions,
  type SentinelConnectionOptions,
  SentinelConnector,
  SentinelIterator,
} from 'ioredis';
import { backOffMs, type BackOffPolicy } from '@smart-router/scheduling';
import { limitCommands } from './command-deadlines';
import type { Endpoints, SentinelGroup } from './endpoints';
import { InvalidRedisUrlError } from './errors';
import type { ServerAccess } from './server-access';
import { writeOncePerTick } from './tick-writes';

/** A client of one Redis or of a cluster. While disconnected it queues nothing: commands reject at once. */
export type RedisClient = Redis | Cluster;

/** Where the client is found that is in use now: a connection that is opened again has another one. */
export interface ClientHolder {
  readonly client: RedisClient;
}

export interface ClientTimings {
  /** One attempt to connect. */
  readonly connectTimeoutMs: number;
  /** A command rejects then. Redis may carry it out all the same: the outcome is unknown. */
  readonly commandTimeoutMs: number;
  /** A socket that stays silent for that time with commands in flight is given up: the peer hangs or is cut off. */
  readonly socketTimeoutMs: number;
}

const KEEP_ALIVE_MS = 10_000;
/** The longest one keeps the time to notice a Redis that is back below two seconds, the attempt included. */
const RETRY: BackOffPolicy = { firstMs: 100, maxMs: 1_000, jitter: 'half' };
/** Then a cluster node is dropped; the slots are read again from the others, or from the seeds where none is left. */
const NODE_RETRIES = 6;
/** How often a client of a cluster asks who the masters are. */
const SLOTS_REFRESH_MS = 1_000;
const MAX_REDIRECTIONS = 8;
const REDIRECTION_DELAY_MS = 100;

/**
 * Whether the server says that it cannot serve this client now; another address, or the same one later, can. NOAUTH: it
 * does not let this connection in any more, and perhaps a new one.
 */
export function isOtherServerNeeded({ message }: Error): boolean {
  return /^(READONLY|LOADING|MASTERDOWN|NOAUTH)\b/.test(message);
}

export interface ClientNames extends Omit<ServerAccess, 'endpoints'> {
  /** Shown in Redis' list of clients. */
  readonly connectionName?: string;
}

/**
 * A maker of clients for one connection: each connects on demand, and ends when its connection ends. What a client
 * learns of further sentinels is known to the next one. It may be given another access to the same servers.
 * @throws InvalidRedisUrlError where sentinels are to be asked for a master without a name
 */
export function clientFactory(
  endpoints: Endpoints,
  timings: ClientTimings,
  names: ClientNames = {},
): (access?: ServerAccess) => RedisClient {
  const create = creator(endpoints.nodes, timings, names.connectionName);
  return (access = { endpoints, ...names }) => {
    const client = create(access, (error) => client.emit('error', error));
    limitCommands(client, timings.commandTimeoutMs);
    writeOncePerTick(client);
    return client;
  };
}

function creator(nodes: Endpoints['nodes'], timings: ClientTimings, connectionName: string | undefined) {
  const optionsFor = ({ endpoints, tlsCa }: ServerAccess, onRefusal: (error: Error) => void): SharedOptions => ({
    ...connectionOptions(endpoints, timings, onRefusal),
    ...(connectionName && { connectionName }),
    ...(endpoints.tls && { tls: tlsCa === undefined ? {} : { ca: tlsCa } }),
  });
  const connector = masterConnector(nodes);
  return (access: ServerAccess, onRefusal: (error: Error) => void): RedisClient => {
    const { endpoints, sentinel } = access;
    const { mode } = endpoints;
    const shared = optionsFor(access, onRefusal);
    if (mode === 'cluster') return new Cluster([...nodes], clusterOptions(endpoints, shared));
    if (mode === 'standalone') return new Redis(standaloneOptions(endpoints, shared));
    return new Redis({ ...sentinelOptions(endpoints, shared, timings, sentinel), Connector: connector });
  };
}

/** Finds the master for one client after the other, each of which would know the first sentinels alone. */
function masterConnector(nodes: Endpoints['nodes']): NonNullable<RedisOptions['Connector']> {
  const sentinels = new SentinelIterator(nodes.map((node) => ({ ...node })));
  return class extends SentinelConnector {
    constructor(options: unknown) {
      super(options as SentinelConnectionOptions & { disconnectTimeout: number });
      this.sentinelIterator = sentinels;
    }
  };
}

/** Its connections to the sentinels are beside the one to the server. */
export function isFoundBySentinels(client: RedisClient): boolean {
  return !(client instanceof Cluster) && (client.options.sentinels ?? []).length > 0;
}

/** Back-off with jitter, so that replicas do not come back all at once. @param attempt from 1 */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  return Math.round(backOffMs(RETRY, attempt, random()));
}

type SharedOptions = CommonRedisOptions & Pick<RedisOptions, 'tls' | 'disconnectTimeout'>;

/**
 * Every promise settles in time, and no command is sent twice: with no retries per request, what was in flight when
 * the connection broke rejects at once. The defaults would send it again, and it may have been carried out.
 */
function connectionOptions(
  { username, password }: Endpoints,
  timings: ClientTimings,
  onRefusal: (error: Error) => void,
): SharedOptions {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    lazyConnect: true,
    connectTimeout: timings.connectTimeoutMs,
    disconnectTimeout: timings.connectTimeoutMs,
    socketTimeout: timings.socketTimeoutMs,
    keepAlive: KEEP_ALIVE_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Its own renewal of subscriptions leaves a rejected promise to nobody, which would end the process.
    autoResubscribe: false,
    maxLoadingRetryTime: RETRY.maxMs,
    reconnectOnError: (error) => {
      if (!isOtherServerNeeded(error)) return false;
      onRefusal(error);
      // 1: disconnect and reject. Sending the command again (2) hangs as long as the address is still a replica.
      return 1;
    },
  };
}

function standaloneOptions({ nodes, database }: Endpoints, shared: SharedOptions): RedisOptions {
  const [{ host, port }] = nodes;
  return {
    ...shared,
    host,
    port,
    db: database,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  };
}

/**
 * The master is asked for at every connection, and the sentinels notify at once when it changes. A server that has become
 * a replica is not taken: the client checks the role when it connects, and reconnects when a write is refused.
 */
function sentinelOptions(
  { nodes, database, tls }: Endpoints,
  shared: SharedOptions,
  timings: ClientTimings,
  group: SentinelGroup | undefined,
): RedisOptions {
  if (!group?.masterName) throw new InvalidRedisUrlError('the sentinels must be asked for the name of a master');
  return {
    ...shared,
    sentinels: nodes.map((node) => ({ ...node })),
    name: group.masterName,
    role: 'master',
    ...(group.username !== undefined && { sentinelUsername: group.username }),
    ...(group.password !== undefined && { sentinelPassword: group.password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: shared.tls ?? {} }),
    failoverDetector: true,
    sentinelCommandTimeout: timings.commandTimeoutMs,
    sentinelRetryStrategy: () => null,
    sentinelReconnectStrategy: (attempt) => retryDelayMs(attempt),
    db: database,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  };
}

function clusterOptions({ tls }: Endpoints, shared: SharedOptions): ClusterOptions {
  return {
    redisOptions: shared,
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: () => null,
    clusterNodeRetryStrategy: (attempt) => (attempt > NODE_RETRIES ? null : retryDelayMs(attempt)),
    maxRedirections: MAX_REDIRECTIONS,
    // A redirection is followed once and remembered, so that nothing would ask again where a node knew of no other master.
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // Applies to commands that no node has got yet; what was in flight rejects as on a single Redis.
    retryDelayOnFailover: REDIRECTION_DELAY_MS,
    retryDelayOnClusterDown: REDIRECTION_DELAY_MS,
    retryDelayOnTryAgain: REDIRECTION_DELAY_MS,
    // A certificate is checked against the name, so the name must not be replaced by its address.
    ...(tls && { dnsLookup: (address, done) => done(null, address) }),
  };
}
