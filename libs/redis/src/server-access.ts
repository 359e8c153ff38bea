import { formatEndpoints, type Endpoints, type SentinelGroup } from './endpoints';
import { InvalidRedisUrlError } from './errors';

/** What may change while a connection is in use: user, password, and whom to trust. The servers stay the same. */
export interface RedisCredentials {
  /** `redis://`, or `rediss://` for TLS; several separated by commas are nodes of a cluster, or sentinels. */
  readonly url: string;
  /** Needed in sentinel mode. */
  readonly sentinel?: SentinelGroup;
  /** Certificates of authorities in PEM form, in place of the well-known ones. For TLS only. */
  readonly tlsCa?: string;
}

/** The same with the URL read: where the servers are, and what a client needs to be let in. */
export interface ServerAccess extends Omit<RedisCredentials, 'url'> {
  readonly endpoints: Endpoints;
}

/** A client is any object here: it is known by its identity alone. */
type Client = object;

/**
 * The access of new clients. A server and the secrets of its clients are changed one after the other: until a server has
 * accepted what is the latest, both that and what it accepted last are tried alternately.
 */
export class RotatingAccess {
  private accepted: ServerAccess | null = null;
  private readonly used = new WeakMap<Client, ServerAccess>();

  constructor(private latest: ServerAccess) {}

  /** @throws InvalidRedisUrlError where it names other servers or another database: they may hold other data */
  replace(access: ServerAccess): void {
    if (formatEndpoints(access.endpoints) !== formatEndpoints(this.latest.endpoints))
      throw new InvalidRedisUrlError('another server or database takes a new connection');
    this.latest = access;
  }

  /** Makes a client. @param attempt from 1, of those in a row: the first one has the latest access */
  clientFor<C extends Client>(attempt: number, create: (access: ServerAccess) => C): C {
    const access = attempt % 2 === 1 ? this.latest : (this.accepted ?? this.latest);
    const client = create(access);
    this.used.set(client, access);
    return client;
  }

  /** The client that was made with it can be used. */
  accept(client: Client): void {
    this.accepted = this.used.get(client) ?? this.accepted;
  }

  /** Whether the client was made with another access than the latest. */
  isOutdated(client: Client): boolean {
    return this.used.get(client) !== this.latest;
  }
}
