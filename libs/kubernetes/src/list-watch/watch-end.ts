import { KubernetesAnswerError, KubernetesApiError } from '../api/api-errors';
import { SilentWatchError } from './watch-connection';

/**
 * Why a watch had to be begun again: the server closed it as announced; it no longer remembers the version; nothing
 * came for too long; something came that cannot be read; the server refused; the connection broke.
 */
export type RestartReason = 'closed' | 'expired' | 'silent' | 'malformed' | 'refused' | 'unreachable';

/** How a list or a watch came to its end, and what follows from it. */
export interface WatchEnd {
  readonly reason: RestartReason;
  /** Whether the next watch cannot begin where this one ended. */
  readonly relist: boolean;
  /** How long the server asks to wait; `null` where it does not. */
  readonly retryAfterMs: number | null;
  /** `null` where nothing failed. */
  readonly error: unknown;
}

/** The server is busy or in trouble: the version is as good as before, and a list would cost it more than a watch. */
const ANOTHER_TRY = new Set([429, 500, 502, 503]);

export function endOf(error: unknown): WatchEnd {
  const end = { relist: false, retryAfterMs: null, error };
  if (error instanceof SilentWatchError) return { ...end, reason: 'silent' };
  if (error instanceof KubernetesAnswerError) return { ...end, reason: 'malformed', relist: true };
  if (!(error instanceof KubernetesApiError)) return { ...end, reason: 'unreachable' };
  const { isExpired, retryAfterMs, status } = error;
  return { ...end, reason: isExpired ? 'expired' : 'refused', relist: !ANOTHER_TRY.has(status), retryAfterMs };
}
