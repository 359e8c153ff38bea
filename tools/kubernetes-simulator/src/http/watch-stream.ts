import type { ServerResponse } from 'node:http';
import type { ResourceRequest } from '../api/request-info';
import type { WatchEvent, WatchFeed } from '../api/watch-request';
import type { RunningWatch } from './running-watches';

/** As on the real server: half an hour and up to as much again. */
const DEFAULT_TIMEOUT_MS = 30 * 60_000;
/** A bookmark comes this long before the end of a watch, so that the next one starts from it. */
const BOOKMARK_BEFORE_END_MS = 2_000;

/** One running watch: events as lines of JSON until its time is over. */
export class WatchStream implements RunningWatch {
  private readonly timers: NodeJS.Timeout[] = [];
  private isSilent = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    readonly request: ResourceRequest,
    private readonly response: ServerResponse,
    private readonly feed: WatchFeed,
    private readonly bookmarkIntervalMs: number,
  ) {}

  start(): void {
    this.response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    this.response.flushHeaders();
    this.response.once('close', () => this.stop());
    for (const event of this.feed.initial) this.send(event);
    if (this.feed.isOver) return this.end();
    this.unsubscribe = this.feed.subscribe((event) => this.send(event));
    this.startTimers(this.feed.timeoutMs ?? DEFAULT_TIMEOUT_MS * (1 + Math.random()));
  }

  send(event: WatchEvent): void {
    this.write(`${JSON.stringify(event)}\n`);
  }

  write(text: string): void {
    if (!this.isSilent && !this.response.writableEnded) this.response.write(text);
  }

  silence(): void {
    this.isSilent = true;
  }

  end(): void {
    this.stop();
    this.response.end();
  }

  reset(): void {
    this.stop();
    this.response.socket?.resetAndDestroy();
  }

  private bookmark(): void {
    if (this.feed.wantsBookmarks) this.send(this.feed.bookmark());
  }

  private startTimers(timeoutMs: number): void {
    const bookmarks = setInterval(() => this.bookmark(), this.bookmarkIntervalMs);
    const lastBookmark = setTimeout(() => this.bookmark(), Math.max(0, timeoutMs - BOOKMARK_BEFORE_END_MS));
    const end = setTimeout(() => !this.isSilent && this.end(), timeoutMs);
    this.timers.push(bookmarks.unref(), lastBookmark.unref(), end.unref());
  }

  private stop(): void {
    this.unsubscribe();
    for (const timer of this.timers) clearTimeout(timer);
  }
}
