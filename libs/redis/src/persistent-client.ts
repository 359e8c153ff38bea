import { systemClock } from '@smart-router/scheduling';
import { type ClientHolder, type RedisClient, retryDelayMs } from './client';
import { reasonAt, reasonCode, RedisUnreachableError } from './errors';
import { openClient, type OpenedClient } from './open-client';
import type { OutageLog } from './outage-log';

interface PersistentClientParts {
  /** Fit for logs: no credentials. */
  readonly endpoint: string;
  /** Makes a client that is not connected yet, and that ends at its first failure. @param attempt from 1, of those in a row */
  readonly createClient: (attempt: number) => RedisClient;
  /** Rejects where a connected client cannot be used. */
  readonly check: (client: RedisClient) => Promise<void>;
  /** Longest time for one attempt to connect. */
  readonly attemptTimeoutMs: number;
  /** Whether the client is to be replaced, though it can be used. */
  readonly isOutdated: (client: RedisClient) => boolean;
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
  /** A renewal failed, and the client in use stays. */
  renewalFailed(error: unknown): void;
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

/** How long until a renewal that failed is tried again. */
const RENEWAL_RETRY_MS = 5_000;

/** A client from the moment at which it was checked. */
interface Served extends OpenedClient {
  readonly client: RedisClient;
  /** Ends the log of its nodes. */
  readonly unwatchNodes: () => void;
}

/**
 * A connection that is opened again for as long as it is not closed, whatever ended it.
 *
 * Invariant: every client is used once. It is in use from the moment at which it was checked until it ends, or until a
 * renewal has opened the next one; then the next one is made, with back-off, so that no state of a client can keep the
 * connection closed. In between commands go to the last one, which has ended and rejects them at once.
 */
export class PersistentClient implements ClientHolder {
  private current: RedisClient;
  private lastFailure: unknown = new Error('no answer');
  private down: { readonly sinceMs: number; readonly at: number } | null = null;
  private readonly end = new AbortController();
  private readonly first = deferred();
  /** Some clients do not report their end. */
  private readonly closed = deferred();
  private renewal = deferred();
  /** Clients that a renewal replaced, as long as commands on them may wait for their replies. */
  private readonly replaced = new Set<RedisClient>();
  private running: Promise<void> | null = null;

  constructor(private readonly parts: PersistentClientParts) {
    this.current = parts.createClient(1);
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
    await Promise.all([this.current, ...this.replaced].map(endClient));
    this.closed.resolve();
    await this.running;
  }

  /**
   * Opens another client where the one in use is outdated; it takes its place without a moment in between. Where that
   * fails the one in use stays, and it is tried again. Without effect while there is none in use: the next one is a new one.
   */
  renew(): void {
    this.renewal.resolve();
  }

  private async keepOpen(signal: AbortSignal): Promise<void> {
    for (let failures = 1; !signal.aborted; failures++) {
      if (await this.serveOnce(failures, signal)) failures = 1;
      await systemClock.sleep(retryDelayMs(failures), signal);
    }
  }

  /** One client, from its making to its end or that of its successors. @returns whether it could be used */
  private async serveOnce(attempt: number, signal: AbortSignal): Promise<boolean> {
    const { endpoint, outages } = this.parts;
    this.renewal = deferred();
    const client = this.parts.createClient(attempt);
    const unwatchNodes = outages.watchNodes(client);
    const opened = await this.tryOpen(client, signal).catch((error: unknown) => {
      this.lastFailure = error;
      outages.failed(endpoint, error);
      return null;
    });
    if (opened === null) {
      unwatchNodes();
      return false;
    }
    this.use(client);
    if (this.parts.isOutdated(client)) this.renewLater(signal);
    this.lose(await this.served({ ...opened, client, unwatchNodes }, signal));
    return true;
  }

  /** Closed meanwhile, it is given up: only the client in use is ended by that. @throws the reason where it failed */
  private async tryOpen(client: RedisClient, signal: AbortSignal): Promise<OpenedClient> {
    const { attemptTimeoutMs: timeoutMs, check } = this.parts;
    const opened = await openClient(client, { check, timeoutMs, signal });
    if (!signal.aborted) return opened;
    client.disconnect();
    throw new Error('given up');
  }

  /** Waits for the end of the client in use. @returns the reason, where one was seen */
  private async served(first: Served, signal: AbortSignal): Promise<unknown> {
    let served = first;
    for (;;) {
      const event = await Promise.race([
        served.ended.then((reason) => ({ reason })),
        this.closed.promise.then(() => ({ reason: undefined })),
        this.renewal.promise.then(() => null),
      ]);
      if (event !== null) {
        served.unwatchNodes();
        return event.reason;
      }
      served = (await this.successorOf(served, signal)) ?? served;
    }
  }

  /** @returns `null` where there is none, and the one in use stays */
  private async successorOf(former: Served, signal: AbortSignal): Promise<Served | null> {
    const { createClient, observer, outages } = this.parts;
    this.renewal = deferred();
    if (!this.parts.isOutdated(former.client)) return null;
    const client = createClient(1);
    try {
      const opened = await this.tryOpen(client, signal);
      this.replace(former, client, signal);
      return { ...opened, client, unwatchNodes: outages.watchNodes(client) };
    } catch (error) {
      if (signal.aborted) return null;
      observer.renewalFailed(error);
      this.renewLater(signal);
      return null;
    }
  }

  private renewLater(signal: AbortSignal): void {
    void systemClock.sleep(RENEWAL_RETRY_MS, signal).then(() => this.renew());
  }

  /** A new connection may lead to another server, as after a failover: observers learn of a loss, though nobody else does. */
  private replace(former: Served, client: RedisClient, signal: AbortSignal): void {
    const { attemptTimeoutMs, observer } = this.parts;
    former.unwatchNodes();
    this.current = client;
    observer.lost();
    observer.opened(client);
    this.replaced.add(former.client);
    // Every command on it has been answered by then, or has run out of time.
    void systemClock.sleep(attemptTimeoutMs, signal).then(() => {
      if (signal.aborted) return;
      this.replaced.delete(former.client);
      former.client.disconnect();
    });
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
