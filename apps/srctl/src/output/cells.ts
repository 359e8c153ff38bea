import pc from 'picocolors';

type Paint = 'green' | 'yellow' | 'red' | 'dim' | 'bold';

/** A text of a table, with the color that it has on a terminal. */
interface Painted {
  readonly text: string;
  readonly paint: Paint;
}

/** `null` and an empty text are shown as a dash. */
export type Cell = string | number | boolean | null | Painted;

/** Colors a text, or leaves it as it is. */
export type Painter = (text: string, paint: Paint) => string;

/** @param isColored whether the output goes to a terminal that shows colors */
export function painter(isColored: boolean): Painter {
  const colors = pc.createColors(isColored);
  return (text, paint) => colors[paint](text);
}

export function painted(text: string, paint: Paint): Painted {
  return { text, paint };
}

/** What the cell says, without color. */
export function textOf(cell: Cell): string {
  if (typeof cell === 'object' && cell !== null) return textOf(cell.text);
  if (cell === null || cell === '') return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return withoutControls(String(cell));
}

/** Names come from clients: what a terminal would obey is shown as a question mark. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

/** What the cell says, in its color, filled up to a width. */
export function paintedText(cell: Cell, width: number, paint: Painter): string {
  const text = textOf(cell).padEnd(width);
  return typeof cell === 'object' && cell !== null ? paint(text, cell.paint) : text;
}
