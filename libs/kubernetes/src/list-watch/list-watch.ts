import type { EventLogger } from '@smart-router/logging';
import type { Clock } from '@smart-router/scheduling';
import { KubernetesApiError } from '../api/api-errors';
import type { KubernetesApi } from '../api/kubernetes-api';
import type { ApiCall } from '../api/resource';
import { isOlder, type Observed } from './kubernetes-object';
import { PagedList, type Selection } from './paged-list';
import { RestartDelay } from './restart-delay';
import { WatchConnection } from './watch-connection';
import { endOf, type WatchEnd } from './watch-end';
import type { ObjectEvent, WatchEvent } from './watch-event';
import type { WatchObserver } from '../metrics/kubernetes-metrics';

/** What has changed. */
export type ObjectChange =
  /** The object is new, or in another state. */
  | { readonly kind: 'present'; readonly name: string }
  /** The server reported that the object went away. */
  | { readonly kind: 'gone'; readonly name: string }
  /** Any object may have: everything was listed again. */
  | { readonly kind: 'any' };

export interface ListWatchPorts {
  readonly api: Pick<KubernetesApi, 'call' | 'stream'>;
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly logger: EventLogger;
  readonly observer: WatchObserver;
}

interface ListWatchTimings {
  /** A watch that brings nothing for this time is taken for dead. */
  readonly silenceMs: number;
  /** How long the server is asked to keep a watch open. */
  readonly watchMs: number;
  /** Events of this size are not read. */
  readonly maxLineBytes: number;
}

/** A list that somebody waits for. */
interface WantedList {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const TIMINGS: ListWatchTimings = {
  // Bookmarks come about every minute.
  silenceMs: 75_000,
  watchMs: 300_000,
  // etcd takes no object of more than 1.5 MiB; JSON makes it larger.
  maxLineBytes: 8 * 1024 * 1024,
};

/**
 * Follows the objects of one kind: lists them all, then watches from the version of that list on, and keeps them as
 * they were seen last. A list and a watch never run at the same time, so that what comes later is newer.
 *
 * Guarantees: while `run` runs, whatever happens to an object is known soon, or after the next list: no event is
 * lost between list and watch or between two watches, since each watch begins at the version that was seen last; where
 * that is not possible, or an event could not be read or came out of order, everything is listed again. It never gives
 * up and never fails.
 * Violated by: nothing for long. Connections that break, close, fall silent or bring garbage, a server that refuses, is
 * overloaded or away, and versions that it has forgotten lead to a new watch or list after a back-off; each is counted.
 */
export class ListWatch<Value> {
  /** As they were seen last, by name. */
  private objects = new Map<string, Observed<Value>>();
  private readonly pages: PagedList<Value>;
  private readonly delay: RestartDelay;
  /** Up to which everything is known; `null` where everything has to be listed first. */
  private version: string | null = null;
  private isRunning = false;
  private isListing = false;
  /** Whether the objects were listed in this run. */
  private isListed = false;
  /** For whoever waits for the next list that ends; `null` where nobody does. */
  private wanted: WantedList | null = null;
  private onWanted: () => void = () => undefined;
  /** The server asked for a time in which it is not asked. */
  private refusal: { readonly error: unknown; readonly untilMs: number } | null = null;

  constructor(
    private readonly ports: ListWatchPorts,
    private readonly selection: Selection<Value>,
    private readonly timings: ListWatchTimings = TIMINGS,
  ) {
    this.pages = new PagedList({ ...selection, api: ports.api, onMalformed: (problem) => this.malformed(problem) });
    this.delay = new RestartDelay(ports.clock, ports.random);
  }

  /** What is known of the name; `undefined` where there is no such object as far as is known. */
  get(name: string): Value | undefined {
    return this.objects.get(name)?.value;
  }

  /**
   * All objects as they are known now, once they were listed in this run.
   * @param options.isFresh has them listed anew for this: by a list that begins now, from whose version the watch continues.
   * Such a list comes at once, also during a back-off; its differences are not reported to `onChange`
   * @throws what kept the objects from being listed (as `PagedList.list`), also where the server has asked for some time
   * without requests; an error where `run` does not run; or the signal's reason
   */
  async list(signal: AbortSignal, { isFresh = false } = {}): Promise<readonly Value[]> {
    if (isFresh || !this.isListed) await this.nextList(signal, isFresh);
    return [...this.objects.values()].map(({ value }) => value);
  }

  /**
   * @param onChange informed after the change is known here; what it throws is logged
   * @returns when the signal is aborted and nothing runs any more; never rejects
   */
  async run(onChange: (change: ObjectChange) => void, signal: AbortSignal): Promise<void> {
    this.isRunning = true;
    await this.follow(this.guarded(onChange), signal);
    this.isRunning = false;
    this.isListed = false;
    this.wanted?.reject(signal.reason);
    this.wanted = null;
    this.ports.observer.ended();
  }

  private async nextList(signal: AbortSignal, isFresh: boolean): Promise<void> {
    signal.throwIfAborted();
    if (!this.isRunning) throw new Error(`${this.resourceName} are not watched`);
    if (this.refusal && this.ports.clock.now() < this.refusal.untilMs) throw this.refusal.error;
    const { promise } = (this.wanted ??= wantedList());
    if (isFresh || !this.isListing) this.onWanted();
    await unlessAborted(promise, signal);
  }

  private guarded(onChange: (change: ObjectChange) => void): (change: ObjectChange) => void {
    return (change) => {
      try {
        onChange(change);
      } catch (error) {
        this.ports.logger.error({ err: error, resource: this.resourceName }, 'a listener of the watch failed');
      }
    };
  }

  private async follow(notify: (change: ObjectChange) => void, signal: AbortSignal): Promise<void> {
    this.version = null;
    while (!signal.aborted) {
      const listWanted = new AbortController();
      this.onWanted = () => listWanted.abort();
      const interrupted = AbortSignal.any([signal, listWanted.signal]);
      const end = await this.round(notify, interrupted);
      if (interrupted.aborted) continue;
      // Whoever wants a list interrupts the watch: where one is still wanted, this is the end of a list that failed.
      const wantedListFailed = this.wanted !== null;
      this.report(end);
      if (end.relist) this.version = null;
      // That says nothing of the watch, which is tried at once.
      if (wantedListFailed && this.version !== null && end.retryAfterMs === null) continue;
      await this.delay.wait(end, signal, interrupted);
    }
  }

  private async round(notify: (change: ObjectChange) => void, signal: AbortSignal): Promise<WatchEnd> {
    this.delay.begin();
    try {
      // Where the list fails, the watch can still continue from the version that was known before.
      if (this.wanted || this.version === null) this.version = await this.relist(notify, signal);
      return await this.watch(this.version, notify, signal);
    } catch (error) {
      return endOf(error);
    }
  }

  private async relist(notify: (change: ObjectChange) => void, signal: AbortSignal): Promise<string> {
    this.isListing = true;
    const { objects, resourceVersion } = await this.pages.list(signal).finally(() => (this.isListing = false));
    this.ports.observer.heard();
    const before = this.objects;
    // The versions of a server that was restored from a backup begin anew: the list counts, whatever was known.
    this.objects = new Map(objects.map((object) => [object.name, object]));
    const isNews = (object: Observed<Value>): boolean =>
      before.get(object.name)?.resourceVersion !== object.resourceVersion;
    const isDifferent = !this.isListed || objects.length !== before.size || objects.some(isNews);
    this.isListed = true;
    if (isDifferent && !this.wanted) notify({ kind: 'any' });
    this.wanted?.resolve();
    this.wanted = null;
    return resourceVersion;
  }

  private async watch(version: string, notify: (change: ObjectChange) => void, signal: AbortSignal): Promise<WatchEnd> {
    const connection = new WatchConnection({
      api: this.ports.api,
      call: this.watchCall(version),
      read: this.selection.read,
      clock: this.ports.clock,
      silenceMs: this.timings.silenceMs,
      maxLineBytes: this.timings.maxLineBytes,
      onOpen: () => this.delay.opened(),
    });
    for await (const event of connection.events(signal)) {
      const end = this.apply(event, notify);
      if (end) return end;
    }
    return { reason: 'closed', relist: false, retryAfterMs: null, error: null };
  }

  private watchCall(resourceVersion: string): ApiCall {
    const { labelSelector, namespace, resource } = this.selection;
    const query = {
      watch: 'true',
      resourceVersion,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(Math.ceil(this.timings.watchMs / 1000)),
      ...(labelSelector !== null && { labelSelector }),
    };
    return { verb: 'watch', resource, namespace, query };
  }

  /** @returns how the watch ends, where it does */
  private apply(event: WatchEvent<Value>, notify: (change: ObjectChange) => void): WatchEnd | null {
    switch (event.kind) {
      case 'present':
      case 'gone':
        return this.take(event, notify);
      case 'bookmark':
        this.heard(event.resourceVersion);
        return null;
      case 'error':
        return endOf(new KubernetesApiError(this.watchCall(this.version ?? ''), event.status));
      case 'malformed':
        return this.endMalformed(event.problem);
    }
  }

  /** Events come in the order of their versions: one that came twice is no news, and any other order is a mistake. */
  private take({ kind, object }: ObjectEvent<Value>, notify: (change: ObjectChange) => void): WatchEnd | null {
    const { name, resourceVersion } = object;
    if (resourceVersion === this.version) return null;
    if (isOlder(resourceVersion, this.version ?? '')) return this.endMalformed('an event that is out of order');
    this.heard(resourceVersion);
    if (kind === 'present') this.objects.set(name, object);
    else if (!this.objects.delete(name)) return null;
    notify({ kind, name });
    return null;
  }

  private endMalformed(problem: string): WatchEnd {
    this.malformed(problem);
    return { reason: 'malformed', relist: true, retryAfterMs: null, error: null };
  }

  private heard(version: string): void {
    this.version = version;
    this.ports.observer.heard();
  }

  private malformed(problem: string): void {
    this.ports.observer.malformed();
    this.ports.logger.warn({ problem, resource: this.resourceName }, 'something of the Kubernetes API cannot be read');
  }

  private report({ error, reason, relist, retryAfterMs }: WatchEnd): void {
    this.refusal = retryAfterMs === null ? null : { error, untilMs: this.ports.clock.now() + retryAfterMs };
    this.wanted?.reject(error);
    this.wanted = null;
    this.ports.observer.restarted(reason);
    if (reason === 'closed' || reason === 'malformed') return;
    const fields = { err: error, reason, relist, resource: this.resourceName };
    this.ports.logger.warn(fields, 'the Kubernetes API has to be listed or watched again');
  }

  private get resourceName(): string {
    return this.selection.resource.plural;
  }
}

/** @throws the signal's reason once it is aborted, or what the promise rejects with */
async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(signal.reason)));
  signal.addEventListener('abort', abort, { once: true });
  await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}

function wantedList(): WantedList {
  let [resolve, reject]: [WantedList['resolve'], WantedList['reject']] = [() => undefined, () => undefined];
  const promise = new Promise<void>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}
