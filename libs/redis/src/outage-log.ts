import { Cluster, type Redis, ReplyError } from 'ioredis';
import type { RedisClient } from './client';
import { forgetArguments, reasonAt, reasonOf } from './errors';

/** Where the connection tells of its outages; a pino logger fits as it is. */
export interface RedisLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/**
 * Logs one line when an endpoint fails and one when it is back, however many attempts lie between. Only where the server
 * is there and refuses (a password, a limit of clients) is there another line, once for each of its words.
 */
export class OutageLog {
  /** Endpoint to the monotonic time of its failure, in milliseconds. */
  private readonly failedAt = new Map<string, number>();
  /** What the servers have said since they failed. */
  private readonly refusals = new Map<string, Set<string>>();
  private silent = false;

  constructor(
    private readonly logger: RedisLogger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Logs the outages of the client; for a cluster also those of each of its nodes. */
  watch(client: RedisClient, endpoint: string): void {
    this.watchConnection(client, endpoint);
    if (!(client instanceof Cluster)) return;
    client.on('node error', (error: unknown) => forgetArguments(error));
    client.on('+node', (node: Redis) => this.watchConnection(node, `${node.options.host}:${node.options.port}`));
  }

  /** From now on, closed connections are meant to close. */
  stop(): void {
    this.silent = true;
  }

  private watchConnection(client: RedisClient, endpoint: string): void {
    client.on('error', (error: unknown) => {
      forgetArguments(error);
      this.failed(endpoint, reasonAt(endpoint, error));
      if (error instanceof ReplyError) this.refused(endpoint, reasonOf(error));
    });
    client.on('close', () => this.failed(endpoint, 'connection closed'));
    client.on('ready', () => this.recovered(endpoint));
  }

  private failed(endpoint: string, reason: string): void {
    if (this.silent || this.failedAt.has(endpoint)) return;
    this.failedAt.set(endpoint, this.now());
    this.logger.warn({ endpoint, reason }, 'redis connection lost');
    this.refusals.set(endpoint, new Set([reason]));
  }

  private refused(endpoint: string, reason: string): void {
    const told = this.refusals.get(endpoint);
    if (this.silent || !told || told.has(reason)) return;
    told.add(reason);
    this.logger.warn({ endpoint, reason }, 'redis refuses the connection');
  }

  private recovered(endpoint: string): void {
    const failedAt = this.failedAt.get(endpoint);
    if (this.silent || failedAt === undefined) return;
    this.failedAt.delete(endpoint);
    this.refusals.delete(endpoint);
    this.logger.info({ endpoint, outage_ms: Math.round(this.now() - failedAt) }, 'redis connection restored');
  }
}
