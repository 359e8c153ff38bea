import type { Agent } from 'node:http';

/** What a request needs to reach the API server and to be let in. Holds secrets: never log it. */
export interface ApiAccess {
  /** Of the server, without a trailing slash. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsAccess;
  /** In place of an agent of our own, where the way to the server is a special one, such as a proxy. */
  readonly agent: Agent | null;
}

export interface TlsAccess {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Where the API server is, and who we are to it. Both may change while the process runs. */
export interface ApiCredentials {
  /** What holds now. @throws where it is not known, for example since a file is missing */
  read(): Promise<ApiAccess>;
  /** The server did not accept what `read` gave: nothing of it may be given from memory again. */
  reject(): void;
}
