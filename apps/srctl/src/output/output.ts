import { type Cell, type Painter, painter } from './cells';
import { type Table, tableLines } from './table';

export const FORMATS = ['table', 'json', 'yaml', 'name'] as const;
export type Format = (typeof FORMATS)[number];

/** What a command has to show, for each format. */
export interface View {
  /** As the API answers it. */
  readonly data: unknown;
  /** For people: tables and lines, one below the other. */
  readonly table: readonly (Table | string)[];
  /** One a line, to hand on to other commands. */
  readonly names: readonly string[];
}

interface OutputOptions {
  readonly format: Format;
  /** `false`: the output has no colors, whatever it goes to. */
  readonly color: boolean;
}

/** Data goes to stdout, everything else to stderr, so that a pipe holds nothing but data. */
export class Output {
  readonly paint: Painter;
  private readonly paintTalk: Painter;

  constructor(private readonly options: OutputOptions) {
    this.paint = painter(options.color && process.stdout.isTTY === true);
    this.paintTalk = painter(options.color && process.stderr.isTTY === true);
  }

  get format(): Format {
    return this.options.format;
  }

  /** Writes the data of the command. */
  async print(view: View): Promise<void> {
    process.stdout.write(await this.render(view));
  }

  /** Writes lines of data as they come. */
  printLine(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** Says something to a person. */
  say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.say(`${this.paintTalk('warning:', 'yellow')} ${text}`);
  }

  fail(text: string, hint?: string): void {
    this.say(`${this.paintTalk('error:', 'red')} ${text}`);
    if (hint !== undefined) this.say(`${this.paintTalk('hint:', 'dim')} ${hint}`);
  }

  private async render({ data, names, table }: View): Promise<string> {
    switch (this.options.format) {
      case 'json':
        return `${JSON.stringify(data, null, 2)}\n`;
      case 'yaml':
        return toYaml(data);
      case 'name':
        return names.map((name) => `${name}\n`).join('');
      case 'table':
        return linesOf(table, this.paint)
          .map((line) => `${line}\n`)
          .join('');
    }
  }
}

/** The package is read only where it is needed: it is as large as the rest. */
export async function toYaml(data: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(data, { lineWidth: 0, aliasDuplicateObjects: false });
}

export function linesOf(parts: View['table'], paint: Painter): string[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [part] : tableLines(part, paint)));
}

/** A table of two columns: what it is, and its value. */
export function facts(rows: readonly (readonly [name: string, value: Cell])[]): Table {
  return { columns: ['FIELD', 'VALUE'], rows };
}
