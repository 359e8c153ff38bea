import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');
const DOC = readFileSync(join(ROOT, 'docs/reference/errors.md'), 'utf8');
const [, SECTION = ''] = DOC.split('## Codes in the log');

const WARNING_SOURCES = [
  'libs/routing-store/src/redis/store-watch.ts',
  'libs/fleet/src/domain/fleet-status-reader.ts',
  'libs/runtime/src/secret-files/secret-file-reports.ts',
  'libs/tier-config/src/domain/config-divergence.ts',
];

const documented = [...SECTION.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);

/** An error class of the product; `code` is what it declares, `undefined` where it gets its code from outside. */
interface ErrorClass {
  readonly name: string;
  readonly code: string | undefined;
}

/** Not those of the client, which stand for answers of the service and carry its codes. */
const classes = globSync('libs/*/src/**/*.ts', { cwd: ROOT })
  .filter((path) => !/spec\.ts$|\/testing\/|^libs\/api-client\//.test(path))
  .flatMap((path) => errorClasses(readFileSync(join(ROOT, path), 'utf8')));

function errorClasses(source: string): ErrorClass[] {
  const found = source.matchAll(/^(?:export )?(?:abstract )?class (\w+) extends \w*Error\b[^{]*\{\n([\s\S]*?)\n\}/gm);
  return [...found].map(([, name = '', body = '']) => ({ name, code: /\bcode\b[^=\n]*= '(\w+)'/.exec(body)?.[1] }));
}

it('finds the classes of errors', () => {
  expect(classes.length).toBeGreaterThan(30);
});

it('finds a code of its own in each class, but for the one that takes a code of the table', () => {
  expect(classes.filter(({ code }) => code === undefined).map(({ name }) => name)).toEqual(['ApiError']);
});

it('is what docs/reference/errors.md says of the log, in the order of the alphabet', () => {
  const codes = classes.flatMap(({ code }) => code ?? []);
  expect(documented).toEqual([...new Set(codes)].sort());
});

it('is what docs/reference/errors.md says of the warnings', () => {
  const [, section = ''] = /## Warnings in \/health\/details([\s\S]*?)\n## /.exec(DOC) ?? [];
  const listed = [...section.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
  const given = WARNING_SOURCES.flatMap((path) => {
    const found = readFileSync(join(ROOT, path), 'utf8').matchAll(/(?:\? |warnings: )\['([A-Z_]+)'\]/g);
    return [...found].map(([, code]) => code);
  });
  expect(given.length).toBeGreaterThan(0);
  expect(listed).toEqual(given);
});
