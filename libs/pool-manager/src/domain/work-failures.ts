import { StoreUnavailableError } from '@smart-router/routing-store';
import type { EventLogger } from '@smart-router/logging';

/**
 * Logs failures of the leader's work. An outage of the store is one line for all kinds of work, no louder than those
 * that name its cause; any other failure is an error each time.
 */
export class WorkFailures {
  private readonly withoutStore = new Set<string>();

  constructor(private readonly logger: EventLogger) {}

  failed(work: string, error: unknown, failuresInARow: number): void {
    if (!(error instanceof StoreUnavailableError)) {
      const fields = { err: error, work, failures_in_a_row: failuresInARow };
      this.logger.error(fields, 'leader work failed, it will be repeated');
      return;
    }
    if (this.withoutStore.size === 0) this.logger.warn({ work, code: error.code }, 'leader work waits for the store');
    this.withoutStore.add(work);
  }

  succeeded(work: string): void {
    if (!this.withoutStore.delete(work) || this.withoutStore.size > 0) return;
    this.logger.info({}, 'leader work has the store again');
  }
}
