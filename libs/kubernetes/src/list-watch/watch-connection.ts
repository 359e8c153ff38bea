import type { Clock } from '@smart-router/scheduling';
import type { KubernetesApi } from '../api/kubernetes-api';
import type { ApiCall } from '../api/resource';
import type { ObjectReader } from './kubernetes-object';
import { LineSplitter } from './line-splitter';
import { parseWatchEvent, type WatchEvent } from './watch-event';

/** Nothing came over the line for too long; bookmarks alone should have. */
export class SilentWatchError extends Error {
  readonly code = 'SILENT_WATCH';

  constructor(silenceMs: number) {
    super(`nothing came for ${silenceMs} ms`);
  }
}

interface WatchConnectionOptions<Value> {
  readonly api: Pick<KubernetesApi, 'stream'>;
  readonly call: ApiCall;
  readonly read: ObjectReader<Value>;
  readonly clock: Clock;
  /** After this time without a byte the connection counts as dead. */
  readonly silenceMs: number;
  readonly maxLineBytes: number;
  /** The server accepted the watch. */
  readonly onOpen: () => void;
}

/** Reads one watch from its beginning to its end. */
export class WatchConnection<Value> {
  private lastByteAt: number;

  constructor(private readonly options: WatchConnectionOptions<Value>) {
    this.lastByteAt = options.clock.now();
  }

  /**
   * The events as they come, until the server closes the stream as it should. Leaving the loop ends the connection.
   * @throws KubernetesApiError, KubernetesUnreachableError, SilentWatchError, or the signal's reason
   */
  async *events(signal: AbortSignal): AsyncGenerator<WatchEvent<Value>, void> {
    const silence = new AbortController();
    const over = new AbortController();
    const both = AbortSignal.any([signal, silence.signal]);
    const watching = this.watchForSilence(silence, over.signal);
    try {
      yield* this.read(both);
    } finally {
      over.abort();
      await watching;
    }
  }

  private async *read(signal: AbortSignal): AsyncGenerator<WatchEvent<Value>, void> {
    const { api, call, clock, maxLineBytes, onOpen, read } = this.options;
    const lines = new LineSplitter(maxLineBytes);
    let isOpen = false;
    for await (const chunk of api.stream(call, signal)) {
      this.lastByteAt = clock.now();
      if (!isOpen) onOpen();
      isOpen = true;
      for (const line of lines.push(chunk)) {
        yield line.kind === 'line' ? parseWatchEvent(line.text, read) : oversized(maxLineBytes);
      }
      // It may never end.
      if (lines.pending > maxLineBytes) yield oversized(maxLineBytes);
    }
    // Cut off in the middle of an event, which may have been a change.
    if (lines.pending > 0) yield { kind: 'malformed', problem: 'half a line' };
  }

  private async watchForSilence(silence: AbortController, over: AbortSignal): Promise<void> {
    const { clock, silenceMs } = this.options;
    while (!over.aborted) {
      const quietMs = clock.now() - this.lastByteAt;
      if (quietMs >= silenceMs) return silence.abort(new SilentWatchError(silenceMs));
      await clock.sleep(silenceMs - quietMs, over);
    }
  }
}

function oversized(maxLineBytes: number): { kind: 'malformed'; problem: string } {
  return { kind: 'malformed', problem: `a line of more than ${maxLineBytes} bytes` };
}
