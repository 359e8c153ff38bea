import type { ResourceRequest } from '../api/request-info';
import type { WatchEvent } from '../api/watch-request';

/** A watch that runs now, as far as faults can be done to it. */
export interface RunningWatch {
  readonly request: ResourceRequest;
  send(event: WatchEvent): void;
  /** Raw bytes. */
  write(text: string): void;
  /** Nothing where none was asked for. */
  bookmark(): void;
  /** The connection stays open, and nothing comes any more. */
  silence(): void;
  /** An orderly end, as when the time of the watch is over. */
  end(): void;
  reset(): void;
}
