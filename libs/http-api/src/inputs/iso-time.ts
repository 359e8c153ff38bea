/** The latest and, negated, the earliest time that a `Date` can hold. */
const LATEST_MS = 8.64e15;

/**
 * Unix milliseconds as the API writes times: ISO 8601. Only `allocated_at` is in Unix seconds, as clients know it.
 * What was written by hand may be no time at all: it must not fail the answer.
 */
export function isoTime(unixMs: number): string {
  const ms = Number.isNaN(unixMs) ? 0 : Math.min(Math.max(unixMs, -LATEST_MS), LATEST_MS);
  return new Date(ms).toISOString();
}
