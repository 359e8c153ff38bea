import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIGURES } from './figures';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8').replaceAll(/\s+/g, ' ');

const named = FIGURES.map((figure) => [`docs/${figure.page}: ${figure.says}`, figure] as const);

/** Literals and products of them, as constants are written. */
function valueOf(source: string, constant: string): number | undefined {
  const [, text] = new RegExp(`\\b${constant} = ([\\d_ .*]+);`).exec(source) ?? [];
  return text?.split('*').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
}

it.each(named)('%s', (_name, { page, says, file, constant, value }) => {
  expect(read(`docs/${page}`)).toContain(says);
  expect(valueOf(read(file), constant)).toBe(value);
});

const DEFAULTS = new Map(
  [...readFileSync(join(ROOT, 'docs/reference/settings.md'), 'utf8').matchAll(/^\| `([A-Z_]+)`.*$/gm)].map(
    ([row, name = '']) => [name, row.split(/ \| +/)[2]?.replaceAll('`', '').trim() ?? ''],
  ),
);

const UNITS: Record<string, string> = { hours: 'h', minutes: 'm', min: 'm', seconds: 's' };

/** A setting with its default behind it, as in `LEASE_TTL` (24 h), and the rows of tables of defaults. */
function quotedDefaults(markdown: string): [name: string, value: string][] {
  const inProse = [...markdown.matchAll(/`([A-Z_]+)`\s\((\d+)\s?(ms|s|min|minutes|h|hours)?\)/g)].map(
    ([, name = '', count = '', unit = '']): [string, string] => [name, `${count}${UNITS[unit] ?? unit}`],
  );
  const inTables = [...markdown.matchAll(/^\| `([A-Z_]+)` +\| (\d+\w*) +\|/gm)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  );
  return [...inProse, ...inTables].filter(([name]) => DEFAULTS.has(name));
}

it('quotes every default of a setting as it is', () => {
  const pages = [
    'api',
    'providers',
    'kubernetes',
    'operations',
    'reliability',
    'startup',
    'reference/keys',
    'reference/errors',
  ];
  const quoted = pages.flatMap((page) =>
    quotedDefaults(readFileSync(join(ROOT, `docs/${page}.md`), 'utf8')).map(([name, value]) => [page, name, value]),
  );
  expect(quoted.length).toBeGreaterThanOrEqual(10);
  expect(quoted.filter(([, name = '', value]) => DEFAULTS.get(name) !== value)).toEqual([]);
});

/** The cells of the column of figures of a table, one by one. */
function measured(page: string, heading: string, column: number): string[] {
  const [, rest = ''] = readFileSync(join(ROOT, page), 'utf8').split(`${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  const cells = [...section.matchAll(/^\| .*$/gm)].slice(2).map(([row]) => row.split('|')[column] ?? '');
  return cells.flatMap((cell) => cell.match(/\d[\d.,]*/g) ?? []).map((figure) => figure.replace(/,$/, ''));
}

it.each([
  ['docs/performance.md', '## The figures that matter', 2, 'docs/evidence/benchmarks.md'],
  ['docs/reliability.md', '## When Redis fails over, or forgets', 4, 'docs/evidence/failover.md'],
])('quotes in %s only figures of a run', (page, heading, column, evidence) => {
  const figures = measured(page, heading, column);
  const run = readFileSync(join(ROOT, evidence), 'utf8');
  expect(figures.length).toBeGreaterThanOrEqual(3);
  expect(
    figures.filter((figure) => !new RegExp(`(?<![\\d.])${figure.replaceAll('.', '\\.')}(?![\\d])`).test(run)),
  ).toEqual([]);
});
