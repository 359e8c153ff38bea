import type { ReportLine } from './bench-report';
import type { Criterion } from './criteria';

const HEAD = ['Row', 'Measured', 'Median', 'Lowest to highest', 'Unit', 'Pass', 'Aim', 'Verdict'];
const NUMBERS = new Set([2, 3]);

/** The table of a run. */
export function markdownTable(lines: readonly ReportLine[]): string {
  return formatTable([HEAD, ...lines.map(cells)], NUMBERS);
}

/**
 * A table in Markdown that is also readable on a terminal.
 * @param rows the head and the others, all of one length
 * @param numbers the columns that are aligned to the right
 */
export function formatTable(rows: readonly (readonly string[])[], numbers: ReadonlySet<number>): string {
  const [columns = []] = rows;
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const rule = widths.map((width, column) => `${'-'.repeat(width - 1)}${numbers.has(column) ? ':' : '-'}`);
  const [head, ...body] = rows.map((row) => formatRow(row, widths, numbers)) as [string, ...string[]];
  return [head, formatRow(rule, widths, numbers), ...body].join('\n');
}

/** One line for the terminal, while the bench continues. */
export function progressLine(line: ReportLine): string {
  const verdict = line.verdict ? ` [${line.verdict}]` : '';
  return `${line.row}  ${line.what}: ${formatNumber(line.median)} ${line.unit}${verdict}`;
}

function cells(line: ReportLine): string[] {
  const { row, what, unit, median, lowest, highest, repeats, criterion, verdict } = line;
  const spread = repeats === 1 ? '' : `${formatNumber(lowest)} to ${formatNumber(highest)}`;
  const goals = [goal(criterion, criterion?.pass), goal(criterion, criterion?.aim)];
  return [row, what, formatNumber(median), spread, unit, ...goals, verdict ?? ''];
}

function goal(criterion: Criterion | null, value: number | undefined): string {
  if (criterion === null || value === undefined) return '';
  return `${criterion.better === 'higher' ? '≥' : '≤'} ${value}`;
}

function formatRow(row: readonly string[], widths: readonly number[], numbers: ReadonlySet<number>): string {
  const padded = row.map((cell, column) => {
    const width = widths[column] as number;
    return numbers.has(column) ? cell.padStart(width) : cell.padEnd(width);
  });
  return `| ${padded.join(' | ')} |`;
}

/** Three digits that count; more would pretend a precision that a shared machine does not have. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
