import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../render-chart.mjs';

export const RELEASED_FILE = join(ROOT, 'tools/chart/released-values.txt');

/** Paths of the values of the last release. */
export function releasedValues(): string[] {
  return readFileSync(RELEASED_FILE, 'utf8').trim().split('\n');
}

/** @returns paths that were in the last release and would now be refused without a word on what to set instead */
export function lostValues(values: {
  readonly released: readonly string[];
  readonly now: readonly string[];
  readonly removed: readonly string[];
}): string[] {
  const { released, now, removed } = values;
  return released.filter((path) => !now.includes(path) && !removed.includes(path.split('.')[0] ?? ''));
}
