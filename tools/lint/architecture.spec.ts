import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scopes } from './boundaries.mjs';
import { readArchitecture, withScopesGraph } from './scopes-graph';

const ROOT = join(__dirname, '../..');
const page = readArchitecture();

it('has the graph of scopes as it is declared (npm run docs writes it anew)', () => {
  expect(page).toBe(withScopesGraph(page));
});

it('has every scope in the graph', () => {
  const missing = Object.keys(scopes).filter((scope) => !new RegExp(`^\\w+ +${scope}( |$)`, 'm').test(page));
  expect(missing).toEqual([]);
});

it('answers twenty questions with one file each, which exists', () => {
  const [, table = ''] = page.split('## Where is it?');
  const [rows = ''] = table.split('\n## ');
  const files = [...rows.matchAll(/^\| [^|]+\? +\| `([^`]+)` +\|$/gm)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThanOrEqual(20);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
