import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsInCode } from './code-words';

const ROOT = join(__dirname, '../..');
/** The lists of the words themselves are left out. */
const SOURCES = execFileSync('git', ['ls-files', '*.ts', '*.mjs', '*.cjs', '*.js', '*.lua', ':!tools/lint'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n');

it.each([
  ['// The worker tells the store of it.', 1],
  ['  turnAway(request);', 1],
  ["log.info('calls go on');", 1],
  ['const takeApart = () => tellAll(observers);', 3],
  ['class TermInOffice {}', 1],
])('finds the words in %s', (line, count) => {
  expect(wordsInCode(line)).toHaveLength(count);
});

it.each([
  'the promise has settled',
  'const recommended = amend(request);',
  'await commend;',
  'retried in turn',
  'intellect',
])('finds nothing in %s', (line) => {
  expect(wordsInCode(line)).toEqual([]);
});

it('finds none of the words that nobody searches for in the code', () => {
  const found = SOURCES.flatMap((path) =>
    wordsInCode(readFileSync(join(ROOT, path), 'utf8')).map((problem) => `${path}:${problem}`),
  );
  expect(found).toEqual([]);
});
