import { Cluster } from 'ioredis';
import type { RedisClient } from './client';
import { OutageLog, type RedisLogger } from './outage-log';
import { type ChannelListener, Subscriptions } from './subscriptions';

export interface ConnectionParts {
  readonly endpoint: string;
  /** Makes a client that is not connected yet. */
  readonly createClient: () => RedisClient;
  /** Resolves when the client is connected; aborting the signal gives up. */
  readonly connect: (client: RedisClient, signal?: AbortSignal) => Promise<void>;
  readonly logger: RedisLogger;
}

/** What belongs to the connection from its opening to its end. */
interface Opening {
  readonly client: RedisClient;
  readonly outages: OutageLog;
  subscriber: { readonly client: RedisClient; readonly subscriptions: Subscriptions } | null;
  /** Resolves when all its clients have ended; `null` before that has begun. */
  end: Promise<void> | null;
}

type ConnectionEvent = 'ready' | 'close';

/** The connections of this process to one Redis or one cluster. */
export class RedisConnection {
  /** Fit for logs: no credentials. */
  readonly endpoint: string;
  private readonly listeners = new Set<{ readonly event: ConnectionEvent; readonly listener: () => void }>();
  private current: Opening;

  /** @internal Use `openRedis` or `connectRedis`. */
  constructor(private readonly parts: ConnectionParts) {
    this.endpoint = parts.endpoint;
    this.current = this.newOpening();
  }

  /** While disconnected its commands reject at once; see `isConnectionFailure`. After `close` it is another one. */
  get client(): RedisClient {
    return this.current.client;
  }

  /**
   * Opens the connection, trying again with back-off. Where it fails everything is closed. It may be called again after
   * that, and after `close`, and then begins with new clients: one that was ended while it waited for its next attempt
   * never tries again.
   * @param signal aborting it gives up @throws RedisUnreachableError
   */
  async connect(signal?: AbortSignal): Promise<void> {
    if (this.current.end) this.current = this.newOpening();
    const opening = this.current;
    try {
      await this.parts.connect(opening.client, signal);
    } catch (error) {
      await end(opening, async (client) => client.disconnect());
      throw error;
    }
  }

  /**
   * Calls the listener for each message on the channel, and with `null` as soon as the subscription is in place and
   * after every outage, because messages may have been missed. Does not wait; opens a connection at its first use.
   * @returns a function that ends the subscription, which `close` does, too
   */
  subscribe(channel: string, listener: ChannelListener): () => void {
    if (this.current.end) throw new Error('the connection to Redis is closed');
    this.current.subscriber ??= this.openSubscriber(this.current);
    return this.current.subscriber.subscriptions.add(channel, listener);
  }

  /** Calls the listener whenever commands can be sent again after an outage. @returns a function that ends it */
  onReconnect(listener: () => void): () => void {
    return this.listen('ready', listener);
  }

  /** Calls the listener whenever the connection is lost, before it is there again. @returns a function that ends it */
  onDisconnect(listener: () => void): () => void {
    return this.listen('close', listener);
  }

  /** What `INFO` says of a section on each master. */
  infoOfAllNodes(section: string): Promise<readonly string[]> {
    const nodes = this.client instanceof Cluster ? this.client.nodes('master') : [this.client];
    return Promise.all(nodes.map((node) => node.info(section)));
  }

  /** Ends all connections; commands in flight get their replies first where Redis answers. Safe to repeat. */
  close(): Promise<void> {
    return end(this.current, endClient);
  }

  private newOpening(): Opening {
    const client = this.parts.createClient();
    const outages = new OutageLog(this.parts.logger);
    outages.watch(client, this.endpoint);
    for (const event of ['ready', 'close'] as const) client.on(event, () => this.tell(event));
    return { client, outages, subscriber: null, end: null };
  }

  /** Listeners outlive the client that tells them. */
  private listen(event: ConnectionEvent, listener: () => void): () => void {
    const entry = { event, listener };
    this.listeners.add(entry);
    return () => void this.listeners.delete(entry);
  }

  private tell(event: ConnectionEvent): void {
    for (const one of [...this.listeners]) if (one.event === event) one.listener();
  }

  private openSubscriber({ client, outages }: Opening): NonNullable<Opening['subscriber']> {
    const { createClient, logger } = this.parts;
    if (client instanceof Cluster) return { client, subscriptions: new Subscriptions(client, logger) };
    const subscriber = createClient();
    outages.watch(subscriber, `${this.endpoint} (subscriptions)`);
    // It goes on trying by itself, and the outage is logged.
    subscriber.connect().catch(() => undefined);
    return { client: subscriber, subscriptions: new Subscriptions(subscriber, logger) };
  }
}

/** Ends all its clients, once: who asks again waits for the same end. */
function end(opening: Opening, endOne: (client: RedisClient) => Promise<void>): Promise<void> {
  const { client, outages, subscriber } = opening;
  outages.stop();
  const clients = new Set([client, subscriber?.client ?? client]);
  opening.end ??= Promise.all([...clients].map(endOne)).then(() => undefined);
  return opening.end;
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
