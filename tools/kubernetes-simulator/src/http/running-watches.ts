import type { ResourceRequest } from '../api/request-info';
import { tooOld, type WatchEvent } from '../api/watch-request';
import { matches, type RequestMatch } from './request-match';

/** A watch that runs now, as far as faults can be done to it. */
export interface RunningWatch {
  readonly request: ResourceRequest;
  send(event: WatchEvent): void;
  /** Raw bytes. */
  write(text: string): void;
  /** The connection stays open, and nothing comes any more. */
  silence(): void;
  /** An orderly end, as when the time of the watch is over. */
  end(): void;
  reset(): void;
}

const TEN_MEGABYTES = 10 * 1024 * 1024;

/** The watches that run now, and what can be done to them. Each method returns how many it met. */
export class RunningWatches {
  private readonly streams = new Set<RunningWatch>();

  add(stream: RunningWatch, ended: (listener: () => void) => void): void {
    this.streams.add(stream);
    ended(() => this.streams.delete(stream));
  }

  count(match: RequestMatch = {}): number {
    return this.chosen(match).length;
  }

  reset(match: RequestMatch = {}): number {
    return this.each(match, (stream) => stream.reset());
  }

  /** As the real server does when the time of a watch is over. */
  end(match: RequestMatch = {}): number {
    return this.each(match, (stream) => stream.end());
  }

  /** They stay open and say nothing more; changes meanwhile are lost to them. */
  silence(match: RequestMatch = {}): number {
    return this.each(match, (stream) => stream.silence());
  }

  garbageLine(match: RequestMatch = {}): number {
    return this.each(match, (stream) => stream.write('this is not JSON\n'));
  }

  /** The first half of an event, and then the end. */
  halfLine(match: RequestMatch = {}): number {
    return this.each(match, (stream) => {
      stream.write('{"type":"ADDED","object":{"kind":"Pod","metadata":{"na');
      stream.end();
    });
  }

  unknownType(match: RequestMatch = {}): number {
    return this.each(match, (stream) => stream.write('{"type":"TELEPORTED","object":{"kind":"Pod"}}\n'));
  }

  /** An event of ten megabytes for an unknown pod. */
  hugeObject(match: RequestMatch = {}): number {
    const annotations = { 'simulator/ballast': 'x'.repeat(TEN_MEGABYTES) };
    const object = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'huge', namespace: 'nowhere', annotations } };
    const line = `${JSON.stringify({ type: 'MODIFIED', object })}\n`;
    return this.each(match, (stream) => stream.write(line));
  }

  /** ERROR 410 inside the stream. @param thenEnd `false`: the stream stays open, and silent */
  expire(match: RequestMatch = {}, { thenEnd = true }: { readonly thenEnd?: boolean } = {}): number {
    return this.each(match, (stream) => {
      stream.send(tooOld(1, 2));
      if (thenEnd) stream.end();
      else stream.silence();
    });
  }

  private chosen(match: RequestMatch): RunningWatch[] {
    return [...this.streams].filter((stream) => matches(match, stream.request));
  }

  private each(match: RequestMatch, action: (stream: RunningWatch) => void): number {
    const chosen = this.chosen(match);
    chosen.forEach(action);
    return chosen.length;
  }
}
