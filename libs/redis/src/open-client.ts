import { Cluster, ReplyError } from 'ioredis';
import { systemClock, TimeoutError, withTimeout } from '@smart-router/scheduling';
import { isFoundBySentinels, type RedisClient } from './client';

interface OpenOptions {
  /** Rejects where the connected client cannot be used; no command of anybody else goes over it before. */
  readonly check: (client: RedisClient) => Promise<void>;
  /** Longest time from the begin of the attempt until the client was checked. */
  readonly timeoutMs: number;
  /** Aborting it gives up the attempt. */
  readonly signal: AbortSignal;
}

export interface OpenedClient {
  /** Resolves when the client is lost for good, with the reason where one was seen. It never connects again. */
  readonly ended: Promise<unknown>;
}

/**
 * One attempt to connect a new client. A client that was given up or has ended keeps no connection. @throws the most specific of the reasons why the attempt failed
 */
export async function openClient(client: RedisClient, options: OpenOptions): Promise<OpenedClient> {
  const { check, timeoutMs, signal } = options;
  const failures = new FailureReasons(client);
  const ended = endOf(client);
  const attempt = (): Promise<void> =>
    Promise.race([
      connected(client).then(() => check(client)),
      ended.then(() => Promise.reject(new Error('connection closed'))),
    ]);
  try {
    await withTimeout(attempt, { ms: timeoutMs, clock: systemClock, signal, name: 'connecting' });
  } catch (error) {
    client.disconnect();
    throw failures.worst ?? (signal.aborted ? new Error('given up') : inWords(error));
  }
  failures.served();
  return { ended: ended.then(() => failures.worst) };
}

/** Connects it. Failures are reported by the events of the client. */
function connected(client: RedisClient): Promise<void> {
  const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  client.connect().catch(() => undefined);
  return ready;
}

/**
 * A cluster client without nodes does not end, and has nobody left whom it could ask for others. What a client keeps
 * beside its connection to the server ends with `disconnect` alone: connections to sentinels, timers of a cluster.
 */
async function endOf(client: RedisClient): Promise<void> {
  await new Promise<void>((resolve) => {
    client.once('end', () => resolve());
    if (!(client instanceof Cluster)) return;
    client.on('refresh', () => {
      if (client.nodes().length === 0) resolve();
    });
  });
  if (client instanceof Cluster || isFoundBySentinels(client)) client.disconnect();
}

function inWords(error: unknown): unknown {
  return error instanceof TimeoutError ? new Error('no answer') : error;
}

/** What a connection begins with. Its name, which is set up too, may be refused. */
const SET_UP: ReadonlySet<string> = new Set(['hello', 'auth', 'select']);

/** Servers that do not know HELLO are asked in the older way. */
const TOO_OLD = /NOPROTO|unknown command/i;

const EVENTS = ['error', 'node error', 'sentinelError'] as const;

/** Keeps the reason that says most: a reply of the server, otherwise the last failure that names one. */
class FailureReasons {
  private found: unknown;
  private readonly endSetUp: () => void;

  constructor(client: RedisClient) {
    this.endSetUp = this.watchSetUp(client);
    for (const event of EVENTS) client.on(event, (error: unknown) => this.add(error));
  }

  /** `undefined` where nothing was heard. */
  get worst(): unknown {
    return this.found;
  }

  /** From now on its end is what matters, and not the replies to single commands. */
  served(): void {
    this.found = undefined;
    this.endSetUp();
  }

  /** A client that is closed right after a refusal, as by a server with too many clients, does not report it. */
  private watchSetUp(client: RedisClient): () => void {
    if (client instanceof Cluster) return () => undefined;
    const { sendCommand } = client;
    client.sendCommand = (command, stream) => {
      const answer: unknown = sendCommand.call(client, command, stream);
      if (SET_UP.has(command.name) && answer instanceof Promise) answer.catch((error: unknown) => this.refused(error));
      return answer;
    };
    return () => {
      client.sendCommand = sendCommand;
    };
  }

  private refused(error: unknown): void {
    if (error instanceof ReplyError && !TOO_OLD.test(String(error))) this.add(error);
  }

  private add(error: unknown): void {
    if (weight(error) >= weight(this.found)) this.found = error;
  }
}

/** What the client says when it gives up, whatever came before. */
const SAYS_LITTLE = /^(Connection is closed|All sentinels are unreachable|Failed to refresh slots cache)/;

function weight(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  if (error instanceof ReplyError) return 3;
  return SAYS_LITTLE.test(error.message) ? 1 : 2;
}
