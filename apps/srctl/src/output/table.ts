import { type Cell, paintedText, type Painter, textOf } from './cells';

export interface Table {
  /** Headings, in capitals. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Columns as wide as their widest text, with three spaces between. @returns a line for the headings and each row */
export function tableLines({ columns, rows }: Table, paint: Painter): string[] {
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => textOf(row[index] ?? null).length)),
  );
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, index) => paintedText(cell, widths[index] ?? 0, paint))
      .join('   ')
      .trimEnd();
  return [line(columns.map((text) => ({ text, paint: 'dim' }))), ...rows.map(line)];
}
