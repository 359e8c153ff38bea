/** A server that wants more patience than this is not taken at its word. */
const LONGEST_MS = 300_000;

/**
 * How long a `Retry-After` header asks to wait: a number of seconds, or a date.
 *
 * @param nowMs Unix time in milliseconds
 * @returns at most five minutes; `null` where it says nothing that can be understood
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_MS);
}
