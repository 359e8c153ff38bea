/** How the fleets of the bench are named: two pools, and a merchant for each whose calls go there and nowhere else. */

export const PREFIX = 'voice:';

/** Leases and records outlive every row. */
export const RECORD_MS = 24 * 3600 * 1000;

export const EXCLUSIVE = { pool: 'gold', merchant: 'merchant-gold' } as const;
export const SHARED = { pool: 'basic', merchant: 'merchant-basic' } as const;

/** The text that stands in Redis for a merchant of this pool. */
export function merchantConfig(pool: string): string {
  return JSON.stringify({ fallback: [pool] });
}
