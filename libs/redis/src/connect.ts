import { Cluster, ReplyError } from 'ioredis';
import { clientFactory, type ClientTimings, isOtherServerNeeded, type RedisClient } from './client';
import { formatEndpoints, parseEndpoints, type RedisMode } from './endpoints';
import type { RedisLogger } from './outage-log';
import { type ConnectionPurpose, RedisConnection } from './redis-connection';
import { type RedisCredentials, RotatingAccess, type ServerAccess } from './server-access';

const SHORTEST_SOCKET_TIMEOUT_MS = 1_500;

/**
 * Timings default to 1 s for an attempt to connect and 0.8 s for a command. A silent socket has 1.5 s, and at least twice
 * as long as a command, so that a slow answer within the time of its command does not cost the connection.
 */
export interface RedisConnectionOptions extends RedisCredentials, Partial<ClientTimings> {
  /** Default: cluster where there are several URLs. */
  readonly mode?: RedisMode;
  /** How long to try before giving up. */
  readonly startTimeoutMs: number;
  /** Shown in Redis' list of clients. */
  readonly connectionName?: string;
  readonly logger: RedisLogger;
  /** A key that nobody writes, to find out whether the server takes writes. Left out: it is not tried. */
  readonly probeKey?: string;
  /** Called whenever a connection was opened again after it had been in use. */
  readonly onReopen?: (purpose: ConnectionPurpose) => void;
}

/**
 * A connection that is to be opened by `connect`; until then its commands reject. It may be opened again once it was
 * closed.
 * @throws InvalidRedisUrlError
 */
export function openRedis(options: RedisConnectionOptions): RedisConnection {
  const { logger, connectionName, onReopen, probeKey, sentinel, startTimeoutMs, tlsCa, url, mode } = options;
  const { connectTimeoutMs = 1_000, commandTimeoutMs = 800 } = options;
  const socketTimeoutMs = options.socketTimeoutMs ?? Math.max(SHORTEST_SOCKET_TIMEOUT_MS, 2 * commandTimeoutMs);
  const accessOf = ({ url, ...rest }: RedisCredentials): ServerAccess => ({
    ...{ endpoints: parseEndpoints(url, mode), ...rest },
  });
  const timings = { connectTimeoutMs, commandTimeoutMs, socketTimeoutMs };
  const first = accessOf({ url, ...(sentinel && { sentinel }), ...(tlsCa && { tlsCa }) });
  const { endpoints } = first;
  const access = new RotatingAccess(first);
  const check = clientCheck({ database: endpoints.database, ...(probeKey !== undefined && { probeKey }) });
  return new RedisConnection({
    endpoint: formatEndpoints(endpoints),
    clientFactory: () => {
      const create = clientFactory(endpoints, timings, { ...(connectionName && { connectionName }) });
      return (attempt) => access.clientFor(attempt, create);
    },
    check: async (client) => {
      await check(client);
      access.accept(client);
    },
    credentials: {
      replace: (credentials) => access.replace(accessOf(credentials)),
      isOutdated: (client) => access.isOutdated(client),
    },
    // Each server may let an attempt wait, the handshake and the check after them.
    attemptTimeoutMs: (endpoints.nodes.length + 2) * (connectTimeoutMs + socketTimeoutMs),
    ...{ startTimeoutMs, logger },
    ...(onReopen && { onReopen }),
  });
}

interface CheckOptions {
  readonly database: number;
  /** A key that nobody writes. Deleting it changes nothing, and a server that takes no writes refuses it. */
  readonly probeKey?: string;
}

/** @returns what rejects where a connected client cannot be used, with the words of the server where it said why */
function clientCheck({ database, probeKey }: CheckOptions): (client: RedisClient) => Promise<void> {
  return async (client) => {
    if (client instanceof Cluster) return warmUp(client);
    // The client ignores a SELECT that is refused: it would work on database 0, among the data of somebody else.
    if (database !== 0) await client.select(database);
    if (probeKey !== undefined) await client.del(probeKey).catch(passHarmless);
  };
}

/** What the server refuses for another reason than its role concerns single commands, and not the connection. */
function passHarmless(error: unknown): void {
  if (!(error instanceof ReplyError) || isOtherServerNeeded(error as Error)) throw error;
}

/** A cluster client connects to a node at the first command for it, and refuses the next ones meanwhile. */
async function warmUp(client: Cluster): Promise<void> {
  await Promise.allSettled(client.nodes('master').map((node) => node.ping()));
}
