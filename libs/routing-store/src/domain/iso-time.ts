/** The latest and, negated, the earliest time that a `Date` can hold. */
const LATEST_MS = 8.64e15;

/**
 * A time of the store as people read it: ISO 8601 in UTC. What was written by hand may be no time at all: it must not
 * fail whoever reads it.
 *
 * @param unixMs Unix milliseconds; `null` where there is none
 */
export function isoTime(unixMs: number): string;
export function isoTime(unixMs: number | null): string | null;
export function isoTime(unixMs: number | null): string | null {
  if (unixMs === null) return null;
  const ms = Number.isNaN(unixMs) ? 0 : Math.min(Math.max(unixMs, -LATEST_MS), LATEST_MS);
  return new Date(ms).toISOString();
}
