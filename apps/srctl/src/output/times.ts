const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** How long ago or from now on a time is, in its largest unit: `3h`. @param time ISO 8601, or `null` for none */
export function distanceOf(time: string | null, nowMs: number): string {
  if (time === null) return '-';
  const seconds = Math.floor(Math.abs(nowMs - Date.parse(time)) / 1000);
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? ['s', 1];
  return `${Math.floor(seconds / size)}${unit}`;
}

const FACTORS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads `500ms`, `10s`, `5m` or `2h`. @returns ms; `undefined` for anything else */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const factor = FACTORS[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}
