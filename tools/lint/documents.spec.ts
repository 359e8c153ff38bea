import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const DOCUMENTS = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

/** A row of a table or an entry of a list; other lines may be alike. */
const ENTRY = /^(\| [^-]|- )/;

/** Each begins with a heading or a table: one row may stand in several tables. */
const PARTS = /^#+ .*$|\n\n(?=\| )/m;

// What a merge by hand leaves behind.
describe.each(DOCUMENTS)('%s', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');

  it('says something', () => {
    expect(text.trim().length).toBeGreaterThan(100);
  });

  it('has no mark of a conflict', () => {
    expect(text).not.toMatch(/^(<{7}|>{7}|={7})( |$)/m);
  });

  it('has no row or entry twice', () => {
    const entries = text.split(PARTS).map((part) => part.split('\n').filter((line) => ENTRY.test(line)));
    expect(entries.flatMap((lines) => lines.filter((line, index) => lines.indexOf(line) !== index))).toEqual([]);
  });
});
