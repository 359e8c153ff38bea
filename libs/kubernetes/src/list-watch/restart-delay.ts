import { backOffMs, type BackOffPolicy, type Clock } from '@smart-router/scheduling';
import type { WatchEnd } from './watch-end';

const BACK_OFF: BackOffPolicy = { firstMs: 1_000, maxMs: 30_000, jitter: 'full' };
/** A watch that stayed open for this time was a good one. */
const GOOD_AFTER_MS = 10_000;

/**
 * How long to wait before the next list or watch: full jitter from 0 to a ceiling that doubles from 1 s to 30 s, and at
 * least as long as the server asks. The ceiling falls back after a watch that stayed open for a while; one that is
 * closed as soon as it is open counts as a failure, however politely it is closed, so that no loop runs hot.
 */
export class RestartDelay {
  private failures = 0;
  private openedAt: number | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  begin(): void {
    this.openedAt = null;
  }

  opened(): void {
    this.openedAt = this.clock.now();
  }

  /** @param wanted ends the wait early, but not before the time that the server asks for */
  async wait({ reason, retryAfterMs }: WatchEnd, signal: AbortSignal, wanted: AbortSignal): Promise<void> {
    const wasGood = this.openedAt !== null && this.clock.now() - this.openedAt >= GOOD_AFTER_MS;
    if (wasGood) this.failures = 0;
    if (wasGood && reason === 'closed') return;
    const backOff = backOffMs(BACK_OFF, ++this.failures, this.random());
    if (retryAfterMs !== null) await this.clock.sleep(retryAfterMs, signal);
    await this.clock.sleep(backOff, wanted);
  }
}
