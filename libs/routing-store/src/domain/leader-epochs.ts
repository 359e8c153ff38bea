/**
 * Epochs of leaders, and who announced to lead. The store refuses an epoch older than the newest that ever wrote
 * (`StaleEpochError`). Every operation is atomic and one round trip.
 */
export interface LeaderEpochs {
  /** Draws a new epoch, higher than all before. Drawing alone takes nothing from the current leader. */
  claimEpoch(): Promise<number>;

  /**
   * Announces to all replicas who leads; forgotten after `ttlMs` unless repeated. Keeps `since` while the epoch stays.
   * @returns whether an announcement of this epoch was there. Where there should have been one, data was lost.
   */
  announceLeader(epoch: number, identity: string, ttlMs: number): Promise<{ readonly renewed: boolean }>;

  /** Takes the announcement back, where it is still this epoch's. */
  resignLeader(epoch: number): Promise<void>;
}
