import { Cluster, ReplyError } from 'ioredis';
import type { RedisClient } from './client';
import { reasonOf } from './errors';
import type { RedisLogger } from './outage-log';

/** Gets the message, or `null` where messages may have been missed: look for yourself. */
export type ChannelListener = (message: string | null) => void;

/**
 * Subscriptions that outlive the connection. Publish/subscribe forgets what is sent while nobody is connected, so
 * whenever a subscription comes into being, for the first time or again, its listeners are called with `null`.
 */
export class Subscriptions {
  private readonly listeners = new Map<string, Set<ChannelListener>>();

  private client: RedisClient | null = null;

  constructor(private readonly logger: RedisLogger) {}

  /**
   * Begins all subscriptions on this client, in place of the one before, which has ended.
   * @param client not used for anything else, unless it is a cluster: that keeps a connection for this
   */
  use(client: RedisClient): void {
    this.client = client;
    client.on('message', (channel: string, message: string) => this.notify(channel, message));
    for (const channel of this.listeners.keys()) void this.begin(client, channel);
  }

  /** @returns a function that ends the subscription, safe to repeat */
  add(channel: string, listener: ChannelListener): () => void {
    const known = this.listeners.get(channel);
    if (known) known.add(listener);
    else {
      this.listeners.set(channel, new Set([listener]));
      if (this.client?.status === 'ready') void this.begin(this.client, channel);
    }
    return () => this.remove(channel, listener);
  }

  private remove(channel: string, listener: ChannelListener): void {
    const listeners = this.listeners.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.listeners.delete(channel);
    if (this.client?.status === 'ready') void this.end(this.client, channel);
  }

  /**
   * Where it was not answered in time, it may be in place or not: the connection is given up, and the next one begins
   * again. A refusal would come again. The connections of a cluster client are its own.
   */
  private async begin(client: RedisClient, channel: string): Promise<void> {
    try {
      await client.subscribe(channel);
    } catch (error) {
      this.logger.warn({ channel, reason: reasonOf(error) }, 'redis subscription failed');
      if (!(error instanceof ReplyError) && !(client instanceof Cluster)) client.disconnect();
      return;
    }
    this.notify(channel, null);
  }

  private async end(client: RedisClient, channel: string): Promise<void> {
    try {
      await client.unsubscribe(channel);
    } catch (error) {
      this.logger.warn({ channel, reason: reasonOf(error) }, 'redis subscription not ended');
    }
  }

  private notify(channel: string, message: string | null): void {
    for (const listener of this.listeners.get(channel) ?? []) {
      try {
        listener(message);
      } catch (error) {
        // Thrown into the client, it would break the reading of replies.
        this.logger.warn({ channel, reason: reasonOf(error) }, 'redis subscription listener failed');
      }
    }
  }
}
