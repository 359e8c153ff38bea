import type { AuditVerdict, Verdict, ViolationKind } from '@smart-router/history-checker';
import type { HistoryFigures } from './history/history-recorder';
import type { SoakOptions } from './options';

export interface SoakResult {
  readonly options: SoakOptions;
  readonly seconds: number;
  readonly figures: HistoryFigures;
  readonly faults: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
  readonly auditVerdict: AuditVerdict;
  readonly surpriseCount: number;
  readonly surprises: readonly string[];
  readonly history: string;
  readonly peakMemoryMb: number;
}

/** What a run is about, with the violations that would refute it. */
const PROMISES: Readonly<Record<string, readonly ViolationKind[]>> = {
  'no pod had more calls than it may have': ['double-grant', 'unknown-pod'],
  'no call was on two pods': ['call-on-two-pods'],
  'the answers of each call fit together': ['lost-call', 'stale-answer'],
  'nothing is held when all calls have ended': ['leak'],
  'the store counts the grants that clients saw': ['wrong-grant-count'],
  'the order of the audit fits real time': ['out-of-order'],
  'each operation in the audit was allowed': ['not-allowed'],
  'the audit is whole and fits what clients saw': ['audit-mismatch', 'audit-gap'],
};

/** What was promised, and how often it was broken. */
export interface PromiseVerdict {
  readonly promise: string;
  readonly violations: number;
}

/** @returns one verdict for each promise */
export function verdictsOf({ verdict, surpriseCount }: SoakResult): PromiseVerdict[] {
  const checked = Object.entries(PROMISES).map(([promise, kinds]) => ({
    promise,
    violations: kinds.reduce((sum, kind) => sum + (verdict.counts[kind] ?? 0), 0),
  }));
  return [...checked, { promise: 'the API gave only answers that it may give', violations: surpriseCount }];
}

/** Whether there is nothing to object to. */
export function hasPassed(result: SoakResult): boolean {
  return verdictsOf(result).every(({ violations }) => violations === 0);
}

/** What people read at the end of a run. */
export function formatReport(result: SoakResult): string {
  const { options, seconds, figures, faults, verdict, auditVerdict } = result;
  return [
    '',
    `seed              ${options.seed}`,
    `duration          ${seconds.toFixed(0)} s, ${options.clients} clients`,
    `operations        ${figures.operations} (${(figures.operations / seconds).toFixed(0)} a second) on ${verdict.calls} calls`,
    `answers           ${formatCounts(figures.results)}`,
    `faults            ${formatCounts(faults)}`,
    `certain holds     ${verdict.holds}`,
    `audit             ${auditVerdict.records} operations, ${auditVerdict.calls} calls compared`,
    `memory            at most ${result.peakMemoryMb} MB`,
    `history           ${result.history}`,
    '',
    ...verdictsOf(result).map(formatVerdict),
    ...verdict.violations.slice(0, MAX_SHOWN).map(({ kind, message }) => `  ${kind}: ${message}`),
    ...result.surprises.slice(0, MAX_SHOWN).map((text) => `  ${text}`),
    '',
    hasPassed(result) ? 'PASSED' : 'FAILED',
    '',
  ].join('\n');
}

function formatVerdict({ promise, violations }: PromiseVerdict): string {
  return violations === 0 ? `ok     ${promise}` : `BROKEN ${promise}: ${violations} times`;
}

const MAX_SHOWN = 20;

function formatCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
