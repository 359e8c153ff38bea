import type { EventLogger } from '@smart-router/logging';
import type { Clock } from '@smart-router/scheduling';
import { KubernetesApiError } from '../api/api-errors';
import type { KubernetesApi } from '../api/kubernetes-api';
import type { ApiCall } from '../api/resource';
import { ObjectStore } from './object-store';
import { PagedList, type Selection } from './paged-list';
import { RestartDelay } from './restart-delay';
import { WatchConnection } from './watch-connection';
import { endOf, type WatchEnd } from './watch-end';
import type { ObjectEvent, WatchEvent } from './watch-event';
import type { WatchObserver } from './watch-observer';

/** What has changed. */
export type ObjectChange =
  /** The object is new, or in another state. */
  | { readonly kind: 'present'; readonly name: string }
  /** The server told that the object went away. */
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

export interface ListWatchTimings {
  /** A watch that brings nothing for so long is taken for dead. */
  readonly silenceMs: number;
  /** How long the server is asked to keep a watch open. */
  readonly watchMs: number;
  /** Events of this size are not read. */
  readonly maxLineBytes: number;
}

const TIMINGS: ListWatchTimings = {
  // Bookmarks come about every minute.
  silenceMs: 75_000,
  watchMs: 300_000,
  // etcd takes no object of more than 1.5 MiB; JSON makes it larger.
  maxLineBytes: 8 * 1024 * 1024,
};

/**
 * Follows the objects of one kind: lists them all, then watches from the version of that list on.
 *
 * Guarantees: while `run` runs, whatever happens to an object is known soon, or after the next list: no event is
 * lost between list and watch or between two watches, since each watch begins at the version that was seen last; where
 * that is not possible, or an event could not be read, everything is listed again. It never gives up and never fails.
 * Violated by: nothing for long. Connections that break, close, fall silent or bring garbage, a server that refuses, is
 * overloaded or away, and versions that it has forgotten lead to a new watch or list after a back-off; each is counted.
 */
export class ListWatch<Value> {
  private readonly store = new ObjectStore<Value>();
  private readonly pages: PagedList<Value>;
  private readonly delay: RestartDelay;
  /** Where the next watch begins; `null` where everything has to be listed before. */
  private version: string | null = null;

  constructor(
    private readonly ports: ListWatchPorts,
    private readonly selection: Selection<Value>,
    private readonly timings: ListWatchTimings = TIMINGS,
  ) {
    const { api, clock } = ports;
    this.pages = new PagedList({ ...selection, api, clock, onMalformed: (problem) => this.malformed(problem) });
    this.delay = new RestartDelay(clock, ports.random);
  }

  /** What is known of the name; `undefined` where there is no such object as far as is known. */
  get(name: string): Value | undefined {
    return this.store.get(name)?.value;
  }

  /**
   * Lists all objects anew, whether or not `run` runs. Events that are newer than the answer win over it.
   * @throws as `PagedList.list`
   */
  async list(signal: AbortSignal): Promise<readonly Value[]> {
    this.store.merge(await this.pages.list(signal));
    return this.store.values();
  }

  /**
   * @param onChange told after the change is known here; what it throws is logged
   * @returns when the signal is aborted and nothing goes on any more; never rejects
   */
  async run(onChange: (change: ObjectChange) => void, signal: AbortSignal): Promise<void> {
    await this.follow(this.guarded(onChange), signal);
    this.ports.observer.ended();
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

  private async follow(tell: (change: ObjectChange) => void, signal: AbortSignal): Promise<void> {
    this.version = null;
    while (!signal.aborted) {
      const end = await this.round(tell, signal);
      if (signal.aborted) return;
      this.report(end);
      if (end.relist) this.version = null;
      await this.delay.wait(end, signal);
    }
  }

  private async round(tell: (change: ObjectChange) => void, signal: AbortSignal): Promise<WatchEnd> {
    this.delay.begin();
    try {
      this.version ??= await this.relist(tell, signal);
      return await this.watch(this.version, tell, signal);
    } catch (error) {
      return endOf(error);
    }
  }

  private async relist(tell: (change: ObjectChange) => void, signal: AbortSignal): Promise<string> {
    const list = await this.pages.list(signal);
    this.ports.observer.heard();
    // The versions of a server that was restored from a backup begin anew: the list counts, whatever was known.
    if (this.store.replace(list)) tell({ kind: 'any' });
    return list.resourceVersion;
  }

  private async watch(version: string, tell: (change: ObjectChange) => void, signal: AbortSignal): Promise<WatchEnd> {
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
      const end = this.apply(event, tell);
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
  private apply(event: WatchEvent<Value>, tell: (change: ObjectChange) => void): WatchEnd | null {
    switch (event.kind) {
      case 'present':
      case 'gone':
        this.heard(event.object.resourceVersion);
        this.take(event, tell);
        return null;
      case 'bookmark':
        this.heard(event.resourceVersion);
        this.store.advance(event.resourceVersion);
        return null;
      case 'error':
        return endOf(new KubernetesApiError(this.watchCall(this.version ?? ''), event.status));
      case 'malformed':
        this.malformed(event.problem);
        return { reason: 'malformed', relist: true, retryAfterMs: null, error: null };
    }
  }

  private take({ kind, object }: ObjectEvent<Value>, tell: (change: ObjectChange) => void): void {
    const isNews = kind === 'present' ? this.store.put(object) : this.store.remove(object);
    if (isNews) tell({ kind, name: object.name });
  }

  private heard(version: string): void {
    this.version = version;
    this.ports.observer.heard();
  }

  private malformed(problem: string): void {
    this.ports.observer.malformed();
    this.ports.logger.warn({ problem, resource: this.resourceName }, 'something of the Kubernetes API cannot be read');
  }

  private report({ error, reason, relist }: WatchEnd): void {
    this.ports.observer.restarted(reason);
    if (reason === 'closed' || reason === 'malformed') return;
    const fields = { err: error, reason, relist, resource: this.resourceName };
    this.ports.logger.warn(fields, 'the Kubernetes API has to be listed or watched again');
  }

  private get resourceName(): string {
    return this.selection.resource.plural;
  }
}
