import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/reference/metrics.md'), 'utf8');

const NAME = /'((?:smart_router|http_request)[a-z_]+)'/g;
const HELP = /'((?:smart_router|http_request)[a-z_]+)',\s*(?:help:\s*)?'((?:[^'\\]|\\.)*)'/g;

const sources = globSync('libs/*/src/**/*.ts', { cwd: ROOT })
  .filter((path) => !/spec\.ts$|\/testing\//.test(path))
  .map((path) => readFileSync(join(ROOT, path), 'utf8'))
  .join('\n');

/** Each row of the table: name, type, what it counts. */
const rows = [...PAGE.matchAll(/^\| `([a-z_]+)` *\| (\w+) *\|.*\| ([^|]*?) *\|$/gm)].map(
  ([, name = '', type = '', text = '']) => ({ name, type, text: text.replaceAll('`', '') }),
);

it('finds the metrics', () => {
  expect(rows.length).toBeGreaterThan(60);
});

it('has every metric that the code declares, and no other', () => {
  const declared = new Set([...sources.matchAll(NAME)].map(([, name]) => name));
  expect(rows.map(({ name }) => name).sort()).toEqual([...declared].sort());
});

it('says of each what its help says, and then perhaps more', () => {
  const helps = new Map([...sources.matchAll(HELP)].map(([, name = '', help = '']) => [name, help]));
  expect(helps.size).toBeGreaterThan(60);
  expect(rows.filter(({ name, text }) => !text.startsWith(helps.get(name) ?? ''))).toEqual([]);
});

it('calls a counter what is named as one', () => {
  expect(rows.filter(({ name, type }) => name.endsWith('_total') !== (type === 'counter'))).toEqual([]);
});

it('has every metric that other pages name, as alerts do', () => {
  const pages = globSync('docs/*.md', { cwd: ROOT }).map((path) => readFileSync(join(ROOT, path), 'utf8'));
  const used = pages.flatMap((text) => text.match(/\bsmart_router_[a-z_]+[a-z]\b(?!_)/g) ?? []);
  const known = new Set(rows.map(({ name }) => name));
  expect(used.length).toBeGreaterThan(30);
  expect(used.filter((name) => !known.has(name) && !rows.some((row) => row.name.startsWith(`${name}_`)))).toEqual([]);
});
