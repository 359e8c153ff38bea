import { summarize, type Summary } from '../measure/statistics';
import { CRITERIA, type Criterion, type CriterionName, verdictOf, type Verdict } from './criteria';

export type RowName = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'N';

/** One line of the table. */
export interface ReportLine extends Summary {
  readonly row: RowName;
  readonly what: string;
  readonly unit: string;
  readonly criterion: Criterion | null;
  readonly verdict: Verdict | null;
}

/** Collects what the rows have measured, and reports each line as soon as it is there. */
export class BenchReport {
  private readonly recorded: ReportLine[] = [];

  constructor(private readonly onLine: (line: ReportLine) => void) {}

  get lines(): readonly ReportLine[] {
    return this.recorded;
  }

  /** @param samples one per round; their median is what counts */
  add(row: RowName, what: string, unit: string, samples: readonly number[], criterionName?: CriterionName): void {
    const summary = summarize(samples);
    const criterion = criterionName === undefined ? null : CRITERIA[criterionName];
    const verdict = criterion && verdictOf(summary.median, criterion);
    const line = { row, what, unit, ...summary, criterion, verdict };
    this.recorded.push(line);
    this.onLine(line);
  }
}
