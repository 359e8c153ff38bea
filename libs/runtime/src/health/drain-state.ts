import { Injectable } from '@nestjs/common';

/**
 * Whether this process is on its way out, or for a while out of use: readiness says so, and answers ask clients to close
 * their connections.
 */
@Injectable()
export class DrainState {
  private drain = new AbortController();

  get isDraining(): boolean {
    return this.drain.signal.aborted;
  }

  /** Aborted as soon as the process is on its way out: whoever is kept waiting gets an answer. */
  get signal(): AbortSignal {
    return this.drain.signal;
  }

  begin(): void {
    this.drain.abort();
  }

  /** The process is of use again. */
  end(): void {
    if (this.isDraining) this.drain = new AbortController();
  }
}
