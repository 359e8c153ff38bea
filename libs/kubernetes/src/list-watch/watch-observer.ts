/**
 * Why a watch had to be begun again: the server closed it as announced; it no longer remembers the version; nothing
 * came for too long; something came that cannot be read; the server refused; the connection broke.
 */
export type RestartReason = 'closed' | 'expired' | 'silent' | 'malformed' | 'refused' | 'unreachable';

/** What a list-watch goes through, for metrics. Implementations must not throw. */
export interface WatchObserver {
  /** Something was heard of the server: a list, an event, a bookmark. */
  heard(): void;
  /** The watch has stopped. */
  ended(): void;
  restarted(reason: RestartReason): void;
  /** A line, or an object of a list, that cannot be read. */
  malformed(): void;
}
