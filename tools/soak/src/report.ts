import type { Verdict } from '@smart-router/history-checker';
import type { HistoryFigures } from './history/history-recorder';
import type { SoakOptions } from './options';

export interface SoakResult {
  readonly options: SoakOptions;
  readonly seconds: number;
  readonly figures: HistoryFigures;
  readonly faults: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
  readonly surpriseCount: number;
  readonly surprises: readonly string[];
  readonly history: string;
  readonly peakMemoryMb: number;
}

/** Whether there is nothing to object to. */
export function hasPassed({ verdict, surpriseCount }: SoakResult): boolean {
  return verdict.violations.length === 0 && surpriseCount === 0;
}

/** What people read at the end of a run. */
export function formatReport(result: SoakResult): string {
  const { options, seconds, figures, faults, verdict, surpriseCount } = result;
  const count = (kind: keyof Verdict['counts']): number => verdict.counts[kind] ?? 0;
  const others = Object.entries(verdict.counts).filter(([kind]) => !NAMED.includes(kind));
  return [
    '',
    `seed              ${options.seed}`,
    `duration          ${seconds.toFixed(0)} s, ${options.clients} clients`,
    `operations        ${figures.operations} (${(figures.operations / seconds).toFixed(0)} a second) on ${verdict.calls} calls`,
    `answers           ${formatCounts(figures.results)}`,
    `faults            ${formatCounts(faults)}`,
    `certain holds     ${verdict.holds}`,
    `memory            at most ${result.peakMemoryMb} MB`,
    `history           ${result.history}`,
    '',
    `double grants     ${count('double-grant')}`,
    `calls on two pods ${count('call-on-two-pods')}`,
    `leaks             ${count('leak')}`,
    `other violations  ${formatCounts(Object.fromEntries(others)) || '0'}`,
    `wrong answers     ${surpriseCount}`,
    ...verdict.violations.slice(0, MAX_SHOWN).map(({ kind, message }) => `  ${kind}: ${message}`),
    ...result.surprises.slice(0, MAX_SHOWN).map((text) => `  ${text}`),
    '',
    hasPassed(result) ? 'PASSED' : 'FAILED',
    '',
  ].join('\n');
}

const MAX_SHOWN = 20;
const NAMED: readonly string[] = ['double-grant', 'call-on-two-pods', 'leak'];

function formatCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
