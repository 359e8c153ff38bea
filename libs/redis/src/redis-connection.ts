import { Cluster, type Redis } from 'ioredis';
import { isFoundBySentinels, type RedisClient } from './client';
import { reasonAt } from './errors';
import { OutageLog, type RedisLogger } from './outage-log';
import { type ClientObserver, type ConnectionOutage, PersistentClient } from './persistent-client';
import type { RedisCredentials } from './server-access';
import { type ChannelListener, Subscriptions } from './subscriptions';

/** Which of the connections of a process: a client that is subscribed can do nothing else. */
export type ConnectionPurpose = 'commands' | 'subscriptions';

interface ConnectionParts {
  readonly endpoint: string;
  /** A maker of clients that are not connected yet, for one connection; they share what they learn of the servers. */
  readonly clientFactory: () => (attempt: number) => RedisClient;
  /** Rejects where a connected client cannot be used. */
  readonly check: (client: RedisClient) => Promise<void>;
  /** Longest time for one attempt to connect. */
  readonly attemptTimeoutMs: number;
  /** How long `connect` tries before it gives up. */
  readonly startTimeoutMs: number;
  readonly logger: RedisLogger;
  readonly credentials: CredentialRotation;
  /** Called whenever a client took the place of one that had been in use. */
  readonly onReopen?: (purpose: ConnectionPurpose) => void;
}

interface CredentialRotation {
  /** New clients have these from now on. @throws InvalidRedisUrlError where they are for other servers */
  replace(credentials: RedisCredentials): void;
  /** Whether the client was made with other credentials than the latest. */
  isOutdated(client: RedisClient): boolean;
}

/** What belongs to the connection from its opening to its end. */
interface Opening {
  readonly commands: PersistentClient;
  readonly subscriptions: Subscriptions;
  readonly outages: OutageLog;
  subscriber: PersistentClient | null;
  /** Resolves when all its clients have ended; `null` before that has begun. */
  end: Promise<void> | null;
}

type ConnectionEvent = 'ready' | 'close';

/** The connections of this process to one Redis or one cluster. Each is opened again until `close`, whatever ended it. */
export class RedisConnection {
  /** Fit for logs: no credentials. */
  readonly endpoint: string;
  private readonly listeners = new Set<{ readonly event: ConnectionEvent; readonly listener: () => void }>();
  private current: Opening;
  /** What became of the credentials that were given last, as far as it is to be reported. */
  private rotation: 'done' | 'due' | 'refused' = 'done';

  /** @internal Use `openRedis`. */
  constructor(private readonly parts: ConnectionParts) {
    this.endpoint = parts.endpoint;
    this.current = this.newOpening();
  }

  /** Another one after every outage: never keep it. While disconnected its commands reject at once; see `isConnectionFailure`. */
  get client(): RedisClient {
    return this.current.commands.client;
  }

  /** Since when and why commands reject; `null` while they can be sent, and before the first connection. */
  get outage(): ConnectionOutage | null {
    return this.current.commands.outage;
  }

  /** Whether the credentials that were given last could not be used so far, so that those in use before still are. */
  get credentialsRefused(): boolean {
    return this.rotation === 'refused';
  }

  /**
   * Connections that are opened from now on have these credentials, and those in use are replaced by such: no command
   * waits or fails for it. Where Redis refuses them the connections in use stay, and it is tried again.
   * @throws InvalidRedisUrlError where they are for other servers or another database
   */
  useCredentials(credentials: RedisCredentials): void {
    this.parts.credentials.replace(credentials);
    this.rotation = 'due';
    this.current.commands.renew();
    this.current.subscriber?.renew();
  }

  /**
   * Opens the connection, trying again with back-off. Where it fails everything is closed. It may be called again after
   * that, and after `close`.
   * @param signal aborting it gives up @throws RedisUnreachableError
   */
  async connect(signal?: AbortSignal): Promise<void> {
    if (this.current.end) this.current = this.newOpening();
    const opening = this.current;
    try {
      await opening.commands.openWithin(this.parts.startTimeoutMs, signal);
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
    const opening = this.current;
    if (opening.end) throw new Error('the connection to Redis is closed');
    // The clients of a cluster keep a connection for subscriptions themselves.
    if (!(this.client instanceof Cluster)) opening.subscriber ??= this.openSubscriber(opening);
    return opening.subscriptions.add(channel, listener);
  }

  /** Calls the listener whenever commands can be sent again after an outage, on a cluster to any node. @returns a function that ends it */
  onReconnect(listener: () => void): () => void {
    return this.listen('ready', listener);
  }

  /** Calls the listener whenever the connection is lost, before it is there again. @returns a function that ends it */
  onDisconnect(listener: () => void): () => void {
    return this.listen('close', listener);
  }

  /** What `INFO memory` says on each master. */
  memoryInfo(): Promise<readonly string[]> {
    const nodes = this.client instanceof Cluster ? this.client.nodes('master') : [this.client];
    return Promise.all(nodes.map((node) => node.info('memory')));
  }

  /** Ends all connections; commands in flight get their replies first where Redis answers. Safe to repeat. */
  close(): Promise<void> {
    return end(this.current, endClient);
  }

  private newOpening(): Opening {
    const outages = new OutageLog(this.parts.logger);
    const subscriptions = new Subscriptions(this.parts.logger);
    const commands = this.persistentClient('commands', outages, {
      opened: (client) => {
        this.reportRotation(client);
        if (client instanceof Cluster) {
          subscriptions.use(client);
          this.followNodes(client);
        }
        this.notify('ready');
      },
      lost: () => this.notify('close'),
      renewalFailed: (error) => this.reportRefusal(error),
    });
    return { commands, subscriptions, outages, subscriber: null, end: null };
  }

  /**
   * A cluster stays open when a node fails over: whoever must know of another server hears of each of its connections,
   * and of other masters on connections that stay open, as after a takeover.
   */
  private followNodes(client: Cluster): void {
    const otherServer = (): void => {
      this.notify('close');
      this.notify('ready');
    };
    const follow = (node: Redis): void => {
      let isLost = false;
      node.on('close', () => {
        isLost = true;
        this.notify('close');
      });
      // A known node is connected only with its first command, which may be one that was redirected to it after a takeover.
      node.on('ready', () => {
        if (!isLost) this.notify('close');
        isLost = false;
        this.notify('ready');
      });
    };
    for (const node of client.nodes('all')) follow(node);
    client.on('+node', (node: Redis) => {
      follow(node);
      otherServer();
    });
    let masters = mastersOf(client);
    client.on('refresh', () => {
      const now = mastersOf(client);
      if (now === masters) return;
      masters = now;
      otherServer();
    });
  }

  private openSubscriber({ outages, subscriptions }: Opening): PersistentClient {
    const opened = (client: RedisClient): void => subscriptions.use(client);
    const events = { opened, lost: () => undefined, renewalFailed: () => undefined };
    const subscriber = this.persistentClient('subscriptions', outages, events);
    subscriber.open();
    return subscriber;
  }

  private persistentClient(
    purpose: ConnectionPurpose,
    outages: OutageLog,
    events: Omit<ClientObserver, 'reopened'>,
  ): PersistentClient {
    const { attemptTimeoutMs, check, clientFactory, credentials, onReopen } = this.parts;
    return new PersistentClient({
      endpoint: purpose === 'commands' ? this.endpoint : `${this.endpoint} (subscriptions)`,
      createClient: clientFactory(),
      observer: { ...events, reopened: () => onReopen?.(purpose) },
      isOutdated: (client) => credentials.isOutdated(client),
      ...{ attemptTimeoutMs, check, outages },
    });
  }

  private reportRotation(client: RedisClient): void {
    if (this.rotation === 'done' || this.parts.credentials.isOutdated(client)) return;
    this.rotation = 'done';
    this.parts.logger.info({ endpoint: this.endpoint }, 'redis credentials replaced');
  }

  /** The first refusal, not each attempt. */
  private reportRefusal(error: unknown): void {
    if (this.rotation === 'refused') return;
    this.rotation = 'refused';
    const fields = { endpoint: this.endpoint, reason: reasonAt(this.endpoint, error) };
    this.parts.logger.warn(fields, 'redis credentials not replaced, the former ones stay in use');
  }

  /** Listeners outlive the client whose events they hear of. */
  private listen(event: ConnectionEvent, listener: () => void): () => void {
    const entry = { event, listener };
    this.listeners.add(entry);
    return () => void this.listeners.delete(entry);
  }

  private notify(event: ConnectionEvent): void {
    for (const one of [...this.listeners]) if (one.event === event) one.listener();
  }
}

/** The nodes that take writes, as far as the client knows, as one text. */
function mastersOf(client: Cluster): string {
  const names = client.nodes('master').map(({ options: { host, port } }) => `${host}:${port}`);
  return names.sort().join();
}

/** Ends all its clients, once: who asks again waits for the same end. */
function end(opening: Opening, endOne: (client: RedisClient) => Promise<void>): Promise<void> {
  const { commands, outages, subscriber } = opening;
  outages.stop();
  opening.end ??= Promise.all([commands.close(endOne), subscriber?.close(endOne)]).then(() => undefined);
  return opening.end;
}

async function endClient(client: RedisClient): Promise<void> {
  // Both wait for the replies in flight. Where they fail there is nobody to wait for.
  if (isFoundBySentinels(client)) await client.ping().catch(() => null);
  else await client.quit().catch(() => null);
  if (client.status !== 'end') client.disconnect();
}
