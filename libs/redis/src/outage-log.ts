import { Cluster, type Redis, ReplyError } from 'ioredis';
import type { RedisClient } from './client';
import { forgetArguments, reasonAt, reasonOf } from './errors';

/** Where the connection reports its outages; a pino logger fits as it is. */
export interface RedisLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

interface Outage {
  /** Monotonic, in milliseconds. */
  readonly sinceMs: number;
  /** What was logged of it; empty while no reason is known. */
  readonly reasons: Set<string>;
}

const UNKNOWN_REASON = 'connection closed';

/**
 * Logs one line when an endpoint fails and one when it can be used again, however many attempts lie between. The first
 * waits for a reason: where the connection broke without one, the next attempt gives it. Only where the server is there
 * and refuses (a password, a limit of clients) is there another line, once for each of its words.
 */
export class OutageLog {
  private readonly outages = new Map<string, Outage>();
  private silent = false;

  constructor(
    private readonly logger: RedisLogger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Logs the outages of the nodes of a cluster client. @returns a function that ends it */
  watchNodes(client: RedisClient): () => void {
    let isWatching = true;
    if (client instanceof Cluster) {
      const watch = (node: Redis): void => this.watchNode(node, () => isWatching);
      for (const node of client.nodes('all')) watch(node);
      client.on('+node', watch);
    }
    return () => {
      isWatching = false;
    };
  }

  /** From now on, closed connections are meant to close. */
  stop(): void {
    this.silent = true;
  }

  /** The endpoint was in use and is lost. @param error `undefined` where no reason was seen */
  lost(endpoint: string, error: unknown): void {
    this.begin(endpoint);
    if (error !== undefined) this.failed(endpoint, error);
  }

  /** An attempt failed, or the endpoint reported an error. */
  failed(endpoint: string, error: unknown): void {
    forgetArguments(error);
    const { reasons } = this.begin(endpoint);
    const reason = reasonAt(endpoint, error);
    if (reasons.size === 0) this.warn({ endpoint, reason }, 'redis connection lost');
    else if (error instanceof ReplyError && !reasons.has(reasonOf(error)))
      this.warn({ endpoint, reason }, 'redis refuses the connection');
    reasons.add(reason);
  }

  /** The endpoint can be used again, or for the first time. */
  restored(endpoint: string): void {
    const outage = this.outages.get(endpoint);
    if (!outage) return;
    if (outage.reasons.size === 0) this.failed(endpoint, new Error(UNKNOWN_REASON));
    this.outages.delete(endpoint);
    const fields = { endpoint, outage_ms: Math.round(this.now() - outage.sinceMs) };
    if (!this.silent) this.logger.info(fields, 'redis connection restored');
  }

  private watchNode(node: Redis, isWatching: () => boolean): void {
    const endpoint = `${node.options.host}:${node.options.port}`;
    node.on('error', (error: unknown) => {
      forgetArguments(error);
      if (isWatching()) this.failed(endpoint, error);
    });
    node.on('close', () => isWatching() && this.lost(endpoint, undefined));
    node.on('ready', () => isWatching() && this.restored(endpoint));
  }

  private begin(endpoint: string): Outage {
    const outage = this.outages.get(endpoint) ?? { sinceMs: this.now(), reasons: new Set() };
    this.outages.set(endpoint, outage);
    return outage;
  }

  private warn(fields: object, message: string): void {
    if (!this.silent) this.logger.warn(fields, message);
  }
}
