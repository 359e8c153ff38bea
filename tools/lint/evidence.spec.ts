import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'docs/evidence');
const FILES = execFileSync('git', ['ls-files', '*.ts'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

interface Row {
  readonly page: string;
  readonly what: string;
  /** The cell that names the tests. */
  readonly tests: string;
}

/** The rows of all tables that have a column of tests. */
function rowsOf(page: string): Row[] {
  const tables = readFileSync(join(FOLDER, page), 'utf8').match(/(?:^\|.*\n?)+/gm) ?? [];
  return tables.flatMap((table) => {
    const [head = [], , ...rows] = table.trim().split('\n').map(cellsOf);
    const column = head.findIndex((title) => /^(?:Test|Shown by)/.test(title));
    return column < 0 ? [] : rows.map((cells) => ({ page, what: cells[0] ?? '', tests: cells[column] ?? '' }));
  });
}

function cellsOf(line: string): string[] {
  return line
    .replaceAll(/^\| | \|$/g, '')
    .split(/ +\| +/)
    .map((cell) => cell.trim());
}

/** `file.spec.ts` ("title"); the file by its name, or by as much of its path as makes it one. */
function testsOf(cell: string): { file: string; title: string | undefined }[] {
  return [...cell.matchAll(/`([^`]+\.ts)`(?: \("([^"]+)"\))?/g)].map(([, file = '', title]) => ({ file, title }));
}

function problemOf(file: string, title: string | undefined): string | null {
  const named = FILES.filter((path) => `/${path}`.endsWith(`/${file.split('/').at(-1)}`));
  const found = named.length > 1 ? named.filter((path) => `/${path}`.endsWith(`/${file}`)) : named;
  const [path] = found;
  if (found.length !== 1 || path === undefined) return `${file}: ${found.length} files`;
  if (title === undefined) return `${file}: no title`;
  const source = readFileSync(join(ROOT, path), 'utf8').replaceAll("\\'", "'");
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => source.includes(quoted))
    ? null
    : `${path} has no test "${title}"`;
}

const rows = readdirSync(FOLDER).flatMap(rowsOf);

it('finds the rows', () => {
  expect(rows.length).toBeGreaterThan(120);
});

it('names a test for every row, or says why there is none', () => {
  const without = rows.filter(({ tests }) => testsOf(tests).length === 0 && !tests.startsWith('none:'));
  expect(without).toEqual([]);
});

it('names only tests that exist, by file and title', () => {
  const problems = rows.flatMap(({ page, what, tests }) =>
    testsOf(tests).map(({ file, title }) => ({ page, what, problem: problemOf(file, title) })),
  );
  expect(problems.filter(({ problem }) => problem !== null)).toEqual([]);
});
