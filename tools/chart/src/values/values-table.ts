import type { ValueEntry } from './values-document';

const BLOCK = /(?<=<!-- values: generated -->\n)[\s\S]*(?=<!-- values: end -->)/;

/** The page of the chart with a table of its values for each part. */
export function withValues(page: string, entries: readonly ValueEntry[]): string {
  return page.replace(BLOCK, () => `\n${tables(entries)}\n\n`);
}

function tables(entries: readonly ValueEntry[]): string {
  const plain = entries.filter(({ children }) => children === null);
  const parts = entries.filter(({ children }) => children !== null);
  return [
    section('General', plain),
    ...parts.map((part) => section(`\`${part.path}\``, flat(part.children ?? []))),
  ].join('\n\n');
}

function flat(entries: readonly ValueEntry[]): ValueEntry[] {
  return entries.flatMap((entry) => (entry.children === null ? [entry] : flat(entry.children)));
}

function section(title: string, entries: readonly ValueEntry[]): string {
  const rows = entries.map((entry) => `| \`${entry.path}\` | ${code(entry.fallback)} | ${cell(meaning(entry))} |`);
  return [`### ${title}`, '', '| Value | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function meaning({ description, tags }: ValueEntry): string {
  const words = tags['enum'];
  return words === undefined ? description : `${description} One of ${words.replaceAll('|', ', ')}.`;
}

function code(value: unknown): string {
  return cell(`\`${JSON.stringify(value)}\``);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
