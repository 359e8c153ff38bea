import { Cluster } from 'ioredis';
import { type ClientTimings, createClient, type RedisClient } from './client';
import { formatEndpoints, parseEndpoints, type RedisMode, type SentinelGroup } from './endpoints';
import { reasonAt, RedisUnreachableError } from './errors';
import type { RedisLogger } from './outage-log';
import { RedisConnection } from './redis-connection';

const SHORTEST_SOCKET_TIMEOUT_MS = 1_500;

/**
 * Timings default to 1 s for an attempt to connect and 0.8 s for a command. A silent socket has 1.5 s, and at least twice
 * as long as a command, so that a slow answer within the time of its command does not cost the connection.
 */
export interface RedisConnectionOptions extends Partial<ClientTimings> {
  /** `redis://`, or `rediss://` for TLS; several separated by commas are nodes of a cluster, or sentinels. */
  readonly url: string;
  /** Default: cluster where there are several URLs. */
  readonly mode?: RedisMode;
  /** Needed in sentinel mode. */
  readonly sentinel?: SentinelGroup;
  /** Certificates of authorities in PEM form, in place of the well-known ones. For TLS only. */
  readonly tlsCa?: string;
  /** How long to try before giving up. */
  readonly startTimeoutMs: number;
  /** Shown in Redis' list of clients. */
  readonly connectionName?: string;
  readonly logger: RedisLogger;
}

/**
 * A connection that is to be opened by `connect`; until then its commands reject. It may be opened again once it was
 * closed.
 * @throws InvalidRedisUrlError
 */
export function openRedis(options: RedisConnectionOptions): RedisConnection {
  const { logger, connectionName, sentinel, startTimeoutMs, tlsCa, url, mode } = options;
  const { connectTimeoutMs = 1_000, commandTimeoutMs = 800 } = options;
  const socketTimeoutMs = options.socketTimeoutMs ?? Math.max(SHORTEST_SOCKET_TIMEOUT_MS, 2 * commandTimeoutMs);
  const endpoints = parseEndpoints(url, mode);
  const endpoint = formatEndpoints(endpoints);
  const timings = { connectTimeoutMs, commandTimeoutMs, socketTimeoutMs };
  const names = { ...(connectionName && { connectionName }), ...(sentinel && { sentinel }), ...(tlsCa && { tlsCa }) };
  return new RedisConnection({
    endpoint,
    createClient: () => createClient(endpoints, timings, names),
    connect: (client, signal) => connectWithBackoff(client, endpoint, startTimeoutMs, signal),
    logger,
  });
}

/**
 * Connects, trying again with back-off until Redis answers.
 * @throws InvalidRedisUrlError, or RedisUnreachableError after `startTimeoutMs`
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const connection = openRedis(options);
  await connection.connect();
  return connection;
}

/** The client tries again by itself; this waits until it succeeds. */
async function connectWithBackoff(
  client: RedisClient,
  endpoint: string,
  startTimeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  let reason = 'no answer';
  const remember = (error: unknown): void => {
    reason = reasonAt(endpoint, error);
  };
  client.on('error', remember);
  client.on('node error', remember);
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => reject(new RedisUnreachableError(endpoint, startTimeoutMs, reason));
      timer = setTimeout(giveUp, startTimeoutMs);
      client.once('ready', resolve);
      client.once('end', giveUp);
      signal?.addEventListener('abort', giveUp, { once: true });
      if (signal?.aborted) return giveUp();
      // Rejects at the first failed attempt, which is not the last; `error` has told the reason.
      client.connect().catch(() => undefined);
    });
    await warmUp(client);
  } finally {
    clearTimeout(timer);
    client.off('error', remember);
    client.off('node error', remember);
  }
}

/** A cluster client connects to a node at the first command for it, and refuses the next ones meanwhile. */
async function warmUp(client: RedisClient): Promise<void> {
  if (!(client instanceof Cluster)) return;
  await Promise.allSettled(client.nodes('master').map((node) => node.ping()));
}
