import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { waitFor } from '@smart-router/testbed';

export interface ReadEvent {
  readonly type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever field it is about
  readonly object: any;
}

/** The events of one watch, as they come. */
export class WatchReader {
  readonly events: ReadEvent[] = [];
  /** The response has ended, in an orderly way or not. */
  hasEnded = false;
  private read = 0;

  constructor(private readonly response: IncomingMessage) {
    const lines = createInterface({ input: response });
    lines.on('line', (line) => this.events.push(JSON.parse(line) as ReadEvent));
    // A broken connection ends the watch; the test asks for that by `ended`.
    response.on('error', () => undefined);
    lines.on('error', () => undefined);
    response.on('close', () => (this.hasEnded = true));
  }

  /** The next event that was not read yet. */
  next(): Promise<ReadEvent> {
    return waitFor(() => (this.events.length > this.read ? this.events[this.read++] : null), {
      timeoutMs: 20_000,
      description: 'the next event of the watch',
    });
  }

  /** The next `count` events as `ADDED a`. */
  async names(count: number): Promise<string[]> {
    const names: string[] = [];
    while (names.length < count) {
      const { type, object } = await this.next();
      names.push(`${type} ${object.metadata.name}`);
    }
    return names;
  }

  async ended(): Promise<void> {
    await waitFor(() => this.hasEnded, { timeoutMs: 20_000, description: 'the watch to end' });
  }

  close(): void {
    this.response.destroy();
  }
}
