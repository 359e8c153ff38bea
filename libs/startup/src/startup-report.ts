import type { ComponentStatus, Priority } from './component-definition';
import type { ComponentSnapshot } from './startup-observer';

/** A component as operators see it. */
export interface ReportedComponent {
  readonly status: ComponentStatus;
  readonly priority: Priority;
  readonly duration_ms: number;
  readonly retries: number;
  /** The code of what went wrong, never its text: that may name hosts, paths and what a server said. */
  readonly error?: string;
  readonly depends_on: readonly string[];
  /** When it took on this status, in ISO 8601. */
  readonly since: string;
}

interface StartupTotals {
  /** From the begin of the start until all that the process cannot do without had started; `null` before that. */
  readonly initialized_after_ms: number | null;
  readonly components: number;
  readonly started: number;
  readonly degraded: number;
  readonly blocked: number;
  readonly retries: number;
}

export interface StartupReport {
  readonly initialized: boolean;
  readonly components: Readonly<Record<string, ReportedComponent>>;
  readonly metrics: StartupTotals;
}

export function startupReport(
  snapshots: readonly ComponentSnapshot[],
  initialized: boolean,
  initializedAfterMs: number | null,
): StartupReport {
  const count = (status: ComponentStatus): number => snapshots.filter((one) => one.status === status).length;
  return {
    initialized,
    components: Object.fromEntries(snapshots.map((one) => [one.name, reported(one)])),
    metrics: {
      initialized_after_ms: initializedAfterMs === null ? null : Math.round(initializedAfterMs),
      components: snapshots.length,
      started: count('SUCCESS'),
      degraded: count('DEGRADED'),
      blocked: count('BLOCKED'),
      retries: snapshots.reduce((sum, { retries }) => sum + retries, 0),
    },
  };
}

function reported({ status, priority, durationMs, retries, error, dependencies, sinceMs }: ComponentSnapshot) {
  return {
    status,
    priority,
    duration_ms: Math.round(durationMs),
    retries,
    ...(error !== null && { error: failureCode(error) }),
    depends_on: dependencies,
    since: new Date(sinceMs).toISOString(),
  };
}

const COLUMNS = ['component', 'priority', 'status', 'ms', 'retries', 'error'] as const;

/** The report as a table for people, one line for each component. */
export function startupTable({ components }: StartupReport): string {
  const rows = Object.entries(components).map(([name, { priority, status, duration_ms, retries, error = '' }]) => [
    name,
    priority,
    status,
    String(duration_ms),
    String(retries),
    error,
  ]);
  const widths = COLUMNS.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [COLUMNS, ...rows].map(line).join('\n');
}

const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/** What everybody may know of a failed check: its code. The text may name hosts, paths or what Redis said. */
export function failureCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && CODE.test(code) ? code : 'FAILED';
}
