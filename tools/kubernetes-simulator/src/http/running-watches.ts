import type { ResourceRequest } from '../api/request-info';
import { tooOld } from '../api/watch-request';
import { type FaultMatch, matches } from './fault';
import type { RunningWatch } from './running-watch';

const TEN_MEGABYTES = 10 * 1024 * 1024;

/** The watches that run now, and what can be done to them. Each method returns how many it met. */
export class RunningWatches {
  private readonly streams = new Set<RunningWatch>();

  add(stream: RunningWatch, ended: (listener: () => void) => void): void {
    this.streams.add(stream);
    ended(() => this.streams.delete(stream));
  }

  count(match: FaultMatch = {}): number {
    return this.chosen(match).length;
  }

  /** What the running watches asked for. */
  requests(match: FaultMatch = {}): ResourceRequest[] {
    return this.chosen(match).map((stream) => stream.request);
  }

  reset(match: FaultMatch = {}): number {
    return this.each(match, (stream) => stream.reset());
  }

  /** As the real server does when the time of a watch is over. */
  end(match: FaultMatch = {}): number {
    return this.each(match, (stream) => stream.end());
  }

  /** They stay open and say nothing more; changes meanwhile are lost to them. */
  silence(match: FaultMatch = {}): number {
    return this.each(match, (stream) => stream.silence());
  }

  /** A bookmark to each that asked for bookmarks. */
  bookmark(match: FaultMatch = {}): number {
    return this.each(match, (stream) => stream.bookmark());
  }

  garbageLine(match: FaultMatch = {}, text = 'this is not JSON'): number {
    return this.each(match, (stream) => stream.write(`${text}\n`));
  }

  /** The first half of an event, and then the end. */
  halfLine(match: FaultMatch = {}): number {
    return this.each(match, (stream) => {
      stream.write('{"type":"ADDED","object":{"kind":"Pod","metadata":{"na');
      stream.end();
    });
  }

  unknownType(match: FaultMatch = {}): number {
    return this.each(match, (stream) => stream.write('{"type":"TELEPORTED","object":{"kind":"Pod"}}\n'));
  }

  /** An event for a pod that nobody knows, as long as `bytes`. */
  hugeObject(match: FaultMatch = {}, bytes = TEN_MEGABYTES): number {
    const annotations = { 'simulator/ballast': 'x'.repeat(bytes) };
    const object = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'huge', namespace: 'nowhere', annotations } };
    const line = `${JSON.stringify({ type: 'MODIFIED', object })}\n`;
    return this.each(match, (stream) => stream.write(line));
  }

  /** ERROR 410 inside the stream. @param thenEnd `false`: the stream stays open, and silent */
  expire(match: FaultMatch = {}, { thenEnd = true }: { readonly thenEnd?: boolean } = {}): number {
    return this.each(match, (stream) => {
      stream.send(tooOld(1, 2));
      if (thenEnd) stream.end();
      else stream.silence();
    });
  }

  private chosen(match: FaultMatch): RunningWatch[] {
    return [...this.streams].filter((stream) => matches(match, stream.request));
  }

  private each(match: FaultMatch, action: (stream: RunningWatch) => void): number {
    const chosen = this.chosen(match);
    chosen.forEach(action);
    return chosen.length;
  }
}
