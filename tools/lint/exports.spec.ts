import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findUnusedExports } from './exports';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What production exports for tests alone, and why a test cannot do without. */
const SEAMS = {
  'libs/logging/src/root-logger.ts: generalLogger': 'its lines are what the faster ones are compared with',
  'libs/logging/src/root-logger.ts: createLogger':
    'writes to a stream of the test; the logger of a process writes to its stdout',
  'libs/redis/src/command-deadlines.ts: CommandDeadlines': 'takes commands without a server',
  'libs/redis/src/known-replicas.ts: ABSENCE_COUNTS_MS': 'the test moves its clock by it',
  'libs/routing-store/src/redis/script-replies.ts: REPLIES': 'compared with the headers of the scripts',
  'libs/runtime/src/process/command-line.ts: commandLineAnswer': 'the function around it ends the process',
  'libs/settings/src/load-settings.ts: loadSettings': 'takes an environment; the product has that of its process',
  'libs/settings/src/load-settings.ts: loadWatched': 'takes an environment, too',
};

describe('findUnusedExports', () => {
  const ALIASES = new Map([['@smart-router/a', 'libs/a/src/index.ts']]);
  const find = (texts: Readonly<Record<string, string>>) => findUnusedExports(new Map(Object.entries(texts)), ALIASES);
  const NOTHING = { unused: [], onlyTests: [], entries: [] };
  const USED = 'export const one = 1; export const two = 2;';

  it.each([
    ["import { one } from './x';", ['libs/a/src/x.ts: two']],
    ["import { one as two } from './x';", ['libs/a/src/x.ts: two']],
    ["import * as x from './x';", []],
    ["async () => (await import('./x')).one;", []],
    ["import './x';", ['libs/a/src/x.ts: one', 'libs/a/src/x.ts: two']],
  ])('finds the names that nobody imports beside %s', (text, unused) => {
    expect(find({ 'libs/a/src/x.ts': USED, 'libs/a/src/y.ts': text })).toEqual({ ...NOTHING, unused });
  });

  it.each(['export *', 'export { one, two as second }'])('follows %s to another project', (forward) => {
    const texts = {
      'libs/a/src/x.ts': USED,
      'libs/a/src/index.ts': `${forward} from './x';`,
      'libs/b/src/y.ts': "import { one, two, second } from '@smart-router/a';",
    };
    expect(find(texts)).toEqual(NOTHING);
  });

  it('finds names of an entry that only its own project imports', () => {
    const texts = {
      'libs/a/src/x.ts': USED,
      'libs/a/src/y.ts': "import { one, two } from './x'; import { one as again } from './index';",
      'libs/a/src/index.ts': "export { one } from './x'; export * from './x';",
    };
    const entries = ['libs/a/src/index.ts: one', 'libs/a/src/index.ts: * of libs/a/src/x.ts'];
    expect(find(texts)).toEqual({ ...NOTHING, entries });
  });

  it('finds what only tests import, but for types and errors', () => {
    const texts = {
      'libs/a/src/x.ts':
        'export function f() {} export interface I {} export type T = I; export class E extends Error {}',
      'libs/a/src/x.spec.ts': "import { f, E, type I, type T } from './x';",
    };
    expect(find(texts)).toEqual({ ...NOTHING, onlyTests: ['libs/a/src/x.ts: f'] });
  });
});

describe('production code', () => {
  const paths = globSync('{apps,libs,tools}/**/*.ts', {
    cwd: ROOT,
    exclude: (name) => ['node_modules', 'dist', 'fixtures', 'generated'].includes(name),
  });
  const texts = new Map(paths.sort().map((path) => [path, read(path)]));
  const { compilerOptions } = JSON.parse(read('tsconfig.base.json')) as {
    compilerOptions: { paths: Record<string, [string]> };
  };
  const aliases = Object.entries(compilerOptions.paths).map(
    ([name, [path]]) => [name, path.replace('./', '')] as const,
  );
  const { unused, onlyTests, entries } = findUnusedExports(texts, new Map(aliases));

  it('exports nothing that no other file uses', () => {
    expect(unused).toEqual([]);
  });

  it('has no entry that no other project uses', () => {
    expect(entries).toEqual([]);
  });

  it('exports for tests alone only what is a seam', () => {
    expect(onlyTests).toEqual(Object.keys(SEAMS));
  });
});
