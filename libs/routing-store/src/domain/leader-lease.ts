/**
 * One text by which processes agree on who may lead. What it says is the business of the election; the store keeps it
 * whole. It is lost with the store's data.
 */
export interface LeaderLease {
  /** @returns `null` where there is none */
  readLease(): Promise<string | null>;
  /** Stores the text only where the stored one is `expected`, `null` for none. @returns whether it was stored */
  replaceLease(expected: string | null, text: string): Promise<boolean>;
}
