import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const DOCUMENTS = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

/** A row of a table or an entry of a list; other lines may be alike. */
const ENTRY = /^(\| [^-]|- )/;

/** Each begins with a heading or a table: one row may stand in several tables. */
const PARTS = /^#+ .*$|\n\n(?=\| )/m;

/** Without blocks of code, which hold brackets of their own. */
function prose(text: string): string {
  return text
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, '.'));
}

function exists(from: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(ROOT, from) : join(ROOT, dirname(from), path);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
}

/** As GitHub makes them: lower case, words with hyphens between, no other signs. */
function anchorsOf(text: string): string[] {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

// What a merge by hand leaves behind.
describe.each(DOCUMENTS)('%s', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');

  it('says something', () => {
    expect(text.trim().length).toBeGreaterThan(100);
  });

  it('has no mark of a conflict', () => {
    expect(text).not.toMatch(/^(<{7}|>{7}|={7})( |$)/m);
  });

  it('links only to files and headings that exist', () => {
    const links = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !exists(file, target))).toEqual([]);
  });

  it('names only paths of the repository that exist', () => {
    const paths = [...text.matchAll(/`((?:apps|libs|tools)\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  // GitHub shows a table without one as plain lines.
  it('has a row of headings above the rule of every table', () => {
    const lines = text.split('\n');
    const rules = lines.flatMap((line, index) => (/^\|(?: *:?-+:? *\|)+$/.test(line) ? [index] : []));
    expect(rules.filter((index) => !lines[index - 1]?.startsWith('|')).map((index) => index + 1)).toEqual([]);
  });

  it('has no row or entry twice', () => {
    const entries = text.split(PARTS).map((part) => part.split('\n').filter((line) => ENTRY.test(line)));
    expect(entries.flatMap((lines) => lines.filter((line, index) => lines.indexOf(line) !== index))).toEqual([]);
  });
});
