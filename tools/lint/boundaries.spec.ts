import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = join(__dirname, 'fixtures');

/** What the second line of a fixture says: the rule and a part of its message, or `null` for clean code. */
function expectation(file: string): { rule: string; message: string } | null {
  const code = readFileSync(join(FIXTURES, file), 'utf8');
  const [, verdict = ''] = /^\/\/ Breaks (.+)$/m.exec(code) ?? [];
  if (verdict === 'nothing') return null;
  const [, rule, message] = /^(\S+): (.+)$/.exec(verdict) ?? [];
  if (!rule || !message) throw new Error(`${file} does not say which rule it breaks`);
  return { rule, message };
}

const files = readdirSync(FIXTURES);
const broken = files.filter((file) => expectation(file));
const clean = files.filter((file) => !expectation(file));

describe('the lint rules of the workspace', () => {
  let found: Record<string, string[]>;

  beforeAll(() => {
    const script = join(__dirname, 'lint-fixtures.mjs');
    const env = { ...process.env, NX_DAEMON: 'false' };
    found = JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8', env })) as typeof found;
  }, 120_000);

  it.each(broken)('report the one rule that is broken in %s', (file) => {
    const expected = expectation(file);

    expect(found[file]).toHaveLength(1);
    expect(found[file]?.[0]).toMatch(new RegExp(`^${expected?.rule}: `));
    expect(found[file]?.[0]).toContain(expected?.message);
  });

  it.each(clean)('report nothing in %s', (file) => {
    expect(found[file]).toEqual([]);
  });
});
