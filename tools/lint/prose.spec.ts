import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentencesOf, wordsOf } from './prose';
import { WORDS } from './words.mjs';

const MAX_WORDS = 30;
const ROOT = join(__dirname, '../..');
/** The changelog quotes names of the past. */
const PAGES = execFileSync('git', ['ls-files', '*.md', ':!CHANGELOG.md'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n');

it('finds a sentence in a paragraph, a list and behind code, and none in tables and blocks', () => {
  const page = '# A b c\n\nOne two. Three `a b`\nfour.\n\n- Five.\n- Six\n\n| a | b. C |\n\n```sh\nx. Y\n```\n';
  expect(sentencesOf(page).map(({ text, words }) => [text, words])).toEqual([
    ['One two.', 2],
    ['Three CODE four.', 3],
    ['Five.', 1],
    ['Six', 1],
  ]);
});

describe.each(PAGES)('%s', (page) => {
  const markdown = readFileSync(join(ROOT, page), 'utf8');

  it(`has no sentence of more than ${MAX_WORDS} words`, () => {
    const long = sentencesOf(markdown).filter(({ words }) => words > MAX_WORDS);
    expect(long.map(({ text, words }) => `${words}: ${text}`)).toEqual([]);
  });

  it('has none of the words that nobody searches for', () => {
    const text = wordsOf(markdown);
    const found = WORDS.flatMap(({ pattern, better }) =>
      [...text.matchAll(new RegExp(`.{0,30}${pattern.source}.{0,20}`, 'gi'))].map(([hit]) => `${hit} (${better})`),
    );
    expect(found).toEqual([]);
  });
});
