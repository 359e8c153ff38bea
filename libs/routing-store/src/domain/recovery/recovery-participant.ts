/** `more`: call again at once, as a step must not take longer than the store waits for a sign of life. */
export type ReplayProgress = 'done' | 'more' | 'waiting';

/**
 * A part of a process that knows something that the store may lose. All methods are called one after the other, by
 * `StoreRecovery`. Those that replay throw `StoreUnavailableError` where the store is lost again; they are then repeated.
 */
export interface RecoveryParticipant {
  /** The store may have lost something: what is known now is to be replayed, besides what was not replayed yet. */
  recall(): void;
  /** Nothing was lost until then, by the monotonic clock: what is much older need not be kept. */
  confirmed(atMs: number): void;
  /** Replays what must be known before anybody may reclaim a pod. */
  replayEnds(signal: AbortSignal): Promise<ReplayProgress>;
  /**
   * Replays the rest, once the ends of all processes are in.
   * @param isFinal calls are not held any more, so that nothing that stands in the way will go away by itself
   * @returns `done` when each of them was replayed at least once; what could not be done is tried again with later calls
   */
  replayGrants(signal: AbortSignal, isFinal: boolean): Promise<ReplayProgress>;
  /** Whether something is left that will be tried again. */
  readonly isUnfinished: boolean;
}
