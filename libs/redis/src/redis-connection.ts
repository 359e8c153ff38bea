import { Cluster } from 'ioredis';
import type { RedisClient } from './client';
import type { OutageLog, RedisLogger } from './outage-log';
import { type ChannelListener, Subscriptions } from './subscriptions';

export interface ConnectionParts {
  readonly client: RedisClient;
  readonly endpoint: string;
  /** Resolves when the client is connected; aborting the signal gives up. */
  readonly connect: (signal?: AbortSignal) => Promise<void>;
  /** Makes a client like `client` that is not connected yet. */
  readonly createSubscriber: () => RedisClient;
  readonly outages: OutageLog;
  readonly logger: RedisLogger;
}

/** The connections of this process to one Redis or one cluster. */
export class RedisConnection {
  /** While disconnected its commands reject at once; see `isConnectionFailure`. */
  readonly client: RedisClient;
  /** Fit for logs: no credentials. */
  readonly endpoint: string;
  private subscriber: { readonly client: RedisClient; readonly subscriptions: Subscriptions } | null = null;
  private closed = false;

  /** @internal Use `openRedis` or `connectRedis`. */
  constructor(private readonly parts: ConnectionParts) {
    this.client = parts.client;
    this.endpoint = parts.endpoint;
  }

  /**
   * Opens the connection, trying again with back-off; call it once. Where it fails everything is closed.
   * @param signal aborting it gives up @throws RedisUnreachableError
   */
  async connect(signal?: AbortSignal): Promise<void> {
    try {
      await this.parts.connect(signal);
    } catch (error) {
      this.closed = true;
      this.parts.outages.stop();
      this.client.disconnect();
      throw error;
    }
  }

  /**
   * Calls the listener for each message on the channel, and with `null` as soon as the subscription is in place and
   * after every outage, because messages may have been missed. Does not wait; opens a connection at its first use.
   * @returns a function that ends the subscription
   */
  subscribe(channel: string, listener: ChannelListener): () => void {
    if (this.closed) throw new Error('the connection to Redis is closed');
    this.subscriber ??= this.openSubscriber();
    return this.subscriber.subscriptions.add(channel, listener);
  }

  /** Calls the listener whenever commands can be sent again after an outage. @returns a function that ends it */
  onReconnect(listener: () => void): () => void {
    this.client.on('ready', listener);
    return () => void this.client.off('ready', listener);
  }

  /** Calls the listener whenever the connection is lost, before it is there again. @returns a function that ends it */
  onDisconnect(listener: () => void): () => void {
    this.client.on('close', listener);
    return () => void this.client.off('close', listener);
  }

  /** What `INFO` says of a section on each master. */
  infoOfAllNodes(section: string): Promise<readonly string[]> {
    const nodes = this.client instanceof Cluster ? this.client.nodes('master') : [this.client];
    return Promise.all(nodes.map((node) => node.info(section)));
  }

  /** Ends all connections; commands in flight get their replies first where Redis answers. Safe to repeat. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.parts.outages.stop();
    const clients = new Set([this.client, this.subscriber?.client ?? this.client]);
    await Promise.all([...clients].map(endClient));
  }

  private openSubscriber(): { client: RedisClient; subscriptions: Subscriptions } {
    const { client, createSubscriber, outages, endpoint, logger } = this.parts;
    if (client instanceof Cluster) return { client, subscriptions: new Subscriptions(client, logger) };
    const subscriber = createSubscriber();
    outages.watch(subscriber, `${endpoint} (subscriptions)`);
    // It goes on trying by itself, and the outage is logged.
    subscriber.connect().catch(() => undefined);
    return { client: subscriber, subscriptions: new Subscriptions(subscriber, logger) };
  }
}

async function endClient(client: RedisClient): Promise<void> {
  // Both wait for the replies in flight. Where they fail there is nobody to wait for.
  if (isFoundBySentinels(client)) await client.ping().catch(() => null);
  else await client.quit().catch(() => null);
  if (client.status !== 'end') client.disconnect();
}

/** Its connections to the sentinels end with `disconnect` alone, which comes too late after QUIT. */
function isFoundBySentinels(client: RedisClient): boolean {
  return !(client instanceof Cluster) && (client.options.sentinels ?? []).length > 0;
}
