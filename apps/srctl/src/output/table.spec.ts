import { painted, painter } from './cells';
import { tableLines } from './table';

const plain = painter(false);

describe('tableLines', () => {
  it('makes each column as wide as its widest text', () => {
    const rows = [
      ['a', 1],
      ['longer', 20],
    ];
    expect(tableLines({ columns: ['POD', 'CALLS'], rows }, plain)).toEqual([
      'POD      CALLS',
      'a        1',
      'longer   20',
    ]);
  });

  it.each([
    [null, '-'],
    ['', '-'],
    [true, 'yes'],
    [false, 'no'],
    [0, '0'],
    ['a\u001b[2Jb\n', 'a?[2Jb?'],
  ])('shows %j as %s', (cell, text) => {
    expect(tableLines({ columns: ['X'], rows: [[cell]] }, plain)).toEqual(['X', text]);
  });

  it('colors the text and counts only what is seen', () => {
    const [, line] = tableLines({ columns: ['A', 'B'], rows: [[painted('1', 'red'), 'x']] }, painter(true));
    expect(line).toBe('\u001b[31m1\u001b[39m   x');
  });
});
