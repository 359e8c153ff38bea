import * as fc from 'fast-check';
import { diffLines } from './line-diff';

const shown = (before: string, after: string): string[] =>
  diffLines([...before], [...after]).map(({ sign, text }) => sign + text);

describe('diffLines', () => {
  it.each([
    ['abc', 'abc', [' a', ' b', ' c']],
    ['abc', 'axc', [' a', '-b', '+x', ' c']],
    ['', 'ab', ['+a', '+b']],
    ['ab', '', ['-a', '-b']],
    ['abcd', 'bd', ['-a', ' b', '-c', ' d']],
    ['bd', 'abcd', ['+a', ' b', '+c', ' d']],
  ])('leads from "%s" to "%s"', (before, after, lines) => {
    expect(shown(before, after)).toEqual(lines);
  });

  it('holds both texts, each in its order', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = diffLines(before, after);
        expect(lines.filter(({ sign }) => sign !== '+').map(({ text }) => text)).toEqual(before);
        expect(lines.filter(({ sign }) => sign !== '-').map(({ text }) => text)).toEqual(after);
      }),
    );
  });
});
