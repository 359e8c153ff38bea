import { invalidField, type JsonObject } from '@smart-router/http';
import type { DrainOptions } from '@smart-router/routing-store';

/** Whoever wants more wants no end. */
const MAX_SECONDS = 30 * 24 * 3_600;

const UNIT_SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 24 * 3_600 };

/** A number of seconds, with a unit where it counts something else, or no end at all. */
export const DRAIN_TTL = /^(?:none|([1-9]\d{0,6})([smhd]?))$/;

export const DRAIN_TTL_RULE = 'must be whole seconds, a duration such as 15m, up to 30d, or "none" for no end';

/** The body with a `ttl` that is a number as text, so that one rule holds for both. */
export function withTtlAsText({ ttl, ...body }: JsonObject): JsonObject {
  if (ttl === undefined) return body;
  return { ...body, ttl: typeof ttl === 'number' || ttl === null ? String(ttl) : ttl };
}

/**
 * How long the drain lasts, in milliseconds.
 * @param ttl a text that fits `DRAIN_TTL`; left out: as the settings say
 * @throws ApiError INVALID_FIELD where it is too long
 */
export function drainLasts(ttl: string | undefined): DrainOptions['lasts'] {
  if (ttl === undefined) return undefined;
  if (ttl === 'none') return 'until-undrained';
  const [, count, unit = ''] = DRAIN_TTL.exec(ttl) ?? [];
  const seconds = Number(count) * Number(UNIT_SECONDS[unit]);
  if (seconds > MAX_SECONDS) throw invalidField('ttl', DRAIN_TTL_RULE);
  return seconds * 1_000;
}
