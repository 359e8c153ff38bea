import type { EventLogger } from '@smart-router/logging';
import type { ReplayObserver } from '../observer';
import type { JournalEntryKind } from './grant-journal';

const LOG_EVERY_MS = 60_000;

/** Counts each entry of the journal that goes before its time, and logs that some do, once a minute. */
export function reportDropped(
  observer: Pick<ReplayObserver, 'entryDropped'>,
  logger: EventLogger,
): (kind: JournalEntryKind, atMs: number) => void {
  let nextLogMs = -Infinity;
  return (kind, atMs) => {
    observer.entryDropped(kind);
    if (atMs < nextLogMs) return;
    nextLogMs = atMs + LOG_EVERY_MS;
    logger.warn(
      { kind },
      'too many grants or ends to remember: the oldest are forgotten, and a loss of data may lose them',
    );
  };
}
