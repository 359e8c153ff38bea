import fc from 'fast-check';
import { IDENTIFIER } from './identifiers';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:~-';

it('has 1 to 128 characters of its alphabet', () => {
  const texts = ['x', ...ALPHABET, ALPHABET, 'x'.repeat(127), 'x'.repeat(128), '...', '.x', 'x..'];
  expect(texts.filter((text) => !IDENTIFIER.test(text))).toEqual(['.']);
});

it('is no longer, not empty, and no step of a path', () => {
  const texts = [
    '',
    '.',
    '..',
    'x'.repeat(129),
    'x'.repeat(5000),
    '../x',
    'a/b',
    'a%b',
    'a b',
    'a*',
    '{a}',
    'a\n',
    '\nb',
  ];
  expect(texts.filter((text) => IDENTIFIER.test(text))).toEqual([]);
});

it('has no character outside of its alphabet, whatever the text', () => {
  const outside = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .filter((text) => [...text].some((character) => !ALPHABET.includes(character)));
  fc.assert(fc.property(outside, (text) => !IDENTIFIER.test(text)));
});
