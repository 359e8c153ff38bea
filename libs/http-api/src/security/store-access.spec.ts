import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');

function sources(pattern: string): [path: string, text: string][] {
  return globSync(pattern, { cwd: ROOT })
    .filter((path) => !/spec\.ts$|\/testing\//.test(path))
    .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]);
}

const scripts = sources('libs/*/src/**/*.lua').map(([path, text]): [string, string] => [
  path,
  text.replace(/--\[\[[^\]]*\]\]|--.*/g, ''),
]);
const code = sources('libs/*/src/**/*.ts');

/** The places of a pattern, as `path: text`. */
function places(files: readonly [string, string][], pattern: RegExp): string[] {
  return files.flatMap(([path, text]) => [...text.matchAll(pattern)].map(([found]) => `${path}: ${found}`));
}

describe('the scripts', () => {
  it('are there to be looked at', () => {
    expect(scripts.length).toBeGreaterThan(20);
  });

  it('call only commands that they spell out', () => {
    expect(places(scripts, /redis\.p?call\((?!'[A-Z]+'|[\w =']+ and '[A-Z]+' or '[A-Z]+')[^\n]*/g)).toEqual([]);
  });

  it('make no code of texts', () => {
    expect(places(scripts, /\b(loadstring|load|dofile|require|setfenv)\b *\(/g)).toEqual([]);
  });

  it('use no command that looks at all keys or changes the server', () => {
    expect(places(scripts, /'(KEYS|SCAN|FLUSHALL|FLUSHDB|CONFIG|DEBUG|SORT|EVAL|SCRIPT|SWAPDB)'/g)).toEqual([]);
  });
});

describe('the code', () => {
  it('makes no script out of pieces: their text comes from files, what users send goes in as arguments', () => {
    const evaluations = places(code, /\.(eval|evalsha|script|function)\([^\n]*/g).filter((place) =>
      /lua|hash|`/.test(place),
    );
    expect(evaluations.map((place) => place.split(':')[0])).toEqual([
      'libs/redis/src/scripts.ts',
      'libs/redis/src/scripts.ts',
    ]);
    expect(evaluations.join()).not.toContain('`');
  });

  it('never looks for keys by a pattern', () => {
    expect(places(code, /client\.(keys|scan|scanStream|flushall|flushdb|config|sort|psubscribe)\(/g)).toEqual([]);
    expect(places(code, /'MATCH'/g)).toEqual([]);
  });
});
