import { systemClock } from '@smart-router/scheduling';
import { type ClientHolder, type RedisClient, retryDelayMs } from './client';
import { reasonAt, reasonCode, RedisUnreachableError } from './errors';
import { openClient } from './open-client';
import type { OutageLog } from './outage-log';

export interface PersistentClientParts {
  /** Fit for logs: no credentials. */
  readonly endpoint: string;
  /** Makes a client that is not connected yet, and that ends at its first failure. */
  readonly createClient: () => RedisClient;
  /** Rejects where a connected client cannot be used. */
  readonly check: (client: RedisClient) => Promise<void>;
  /** Longest time for one attempt to connect. */
  readonly attemptTimeoutMs: number;
  readonly outages: OutageLog;
  readonly observer: ClientObserver;
}

export interface ClientObserver {
  /** A client is in use from now on: the first one, or the next after a loss. */
  opened(client: RedisClient): void;
  /** The client in use is lost. */
  lost(): void;
  /** The client in use took the place of one that was lost. */
  reopened(): void;
}

/** Since when and why a connection cannot be used. */
export interface ConnectionOutage {
  /** Wall clock, in milliseconds. */
  readonly sinceMs: number;
  /** By a clock that nobody sets. */
  readonly lastsMs: number;
  /** The latest one, in the words of the server or the system: for the log alone. */
  readonly reason: string;
  /** The same as a code, `ECONNREFUSED`, `READONLY`: it names no host and nothing secret. */
  readonly code: string;
}

/**
 * A connection that is opened again for as long as it is not closed, whatever ended it.
 *
 * Invariant: every client is used once. It is in use from the moment at which it was checked until it ends; then the
 * next one is made, with back-off, so that no state of a client can keep the connection closed. In between commands go
 * to the last one, which has ended and rejects them at once.
 */
export class PersistentClient implements ClientHolder {
  private current: RedisClient;
  private lastFailure: unknown = new Error('no answer');
  private down: { readonly sinceMs: number; readonly at: number } | null = null;
  private readonly end = new AbortController();
  private readonly first = deferred();
  /** Some clients do not report their end. */
  private readonly closed = deferred();
  private running: Promise<void> | null = null;

  constructor(private readonly parts: PersistentClientParts) {
    this.current = parts.createClient();
    // Rejects commands at once, where one that was never connected would connect by itself.
    this.current.disconnect();
  }

  get client(): RedisClient {
    return this.current;
  }

  /** `null` while it is in use, and before it was opened for the first time. */
  get outage(): ConnectionOutage | null {
    if (this.down === null) return null;
    const { sinceMs, at } = this.down;
    const reason = reasonAt(this.parts.endpoint, this.lastFailure);
    return { sinceMs, lastsMs: performance.now() - at, reason, code: reasonCode(this.lastFailure) };
  }

  /** Opens it, and keeps it open until `close`; safe to repeat. */
  open(): void {
    this.running ??= this.keepOpen(this.end.signal);
  }

  /**
   * Opens it and waits until it can be used for the first time.
   * @param signal aborting it gives up @throws RedisUnreachableError; it is to be closed then
   */
  async openWithin(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    this.open();
    const gaveUp = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.end.signal, ...(signal ? [signal] : [])]);
    const { endpoint } = this.parts;
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void =>
        reject(new RedisUnreachableError(endpoint, timeoutMs, reasonAt(endpoint, this.lastFailure)));
      if (gaveUp.aborted) return giveUp();
      gaveUp.addEventListener('abort', giveUp, { once: true });
      void this.first.promise.then(resolve);
    });
  }

  /** It stays closed. @param endClient ends the client in use @returns when that is done and nothing is tried again */
  async close(endClient: (client: RedisClient) => Promise<void>): Promise<void> {
    this.end.abort();
    await endClient(this.current);
    this.closed.resolve();
    await this.running;
  }

  private async keepOpen(signal: AbortSignal): Promise<void> {
    for (let failures = 1; !signal.aborted; failures++) {
      if (await this.serveOnce(signal)) failures = 1;
      await systemClock.sleep(retryDelayMs(failures), signal);
    }
  }

  /** One client, from its making to its end. @returns whether it could be used */
  private async serveOnce(signal: AbortSignal): Promise<boolean> {
    const { check, attemptTimeoutMs: timeoutMs, createClient, endpoint, outages } = this.parts;
    const client = createClient();
    const unwatchNodes = outages.watchNodes(client);
    const opened = await openClient(client, { check, timeoutMs, signal }).catch((error: unknown) => {
      this.lastFailure = error;
      outages.failed(endpoint, error);
      return null;
    });
    // Closed meanwhile: only the client in use is ended by that.
    if (signal.aborted) client.disconnect();
    else if (opened) {
      this.use(client);
      this.lose(await Promise.race([opened.ended, this.closed.promise]));
    }
    unwatchNodes();
    return opened !== null;
  }

  private use(client: RedisClient): void {
    const { endpoint, observer, outages } = this.parts;
    const isReopened = this.down !== null;
    this.current = client;
    this.down = null;
    outages.restored(endpoint);
    observer.opened(client);
    if (isReopened) observer.reopened();
    this.first.resolve();
  }

  private lose(reason: unknown): void {
    const { endpoint, observer, outages } = this.parts;
    this.down = { sinceMs: Date.now(), at: performance.now() };
    this.lastFailure = reason ?? new Error('connection closed');
    outages.lost(endpoint, reason);
    observer.lost();
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function deferred(): Deferred {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
