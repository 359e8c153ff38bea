import { CommandFailure } from './exit-codes';
import { collectPages, type PageQuery, parseLimit } from './pages';

/** A list of numbers in pages, whose cursor is the next number. */
function list(length: number, pageSize: number) {
  const asked: PageQuery[] = [];
  const read = async (query: PageQuery) => {
    asked.push(query);
    const from = Number(query.cursor ?? 0);
    const to = Math.min(length, from + Math.min(pageSize, query.limit));
    const items = Array.from({ length: to - from }, (_, index) => from + index);
    return { items, cursor: to < length ? String(to) : null };
  };
  return { asked, read };
}

describe('collectPages', () => {
  it('returns all items when pages are shorter than asked for', async () => {
    expect(await collectPages(list(7, 3).read)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('asks for no more than is wanted', async () => {
    const { asked, read } = list(7, 3);
    expect(await collectPages(read, 4)).toEqual([0, 1, 2, 3]);
    expect(asked).toEqual([{ limit: 4 }, { limit: 1, cursor: '3' }]);
  });
});

describe('parseLimit', () => {
  it.each(['0', '-1', '1.5', 'ten', ''])('refuses "%s"', (text) => {
    expect(() => parseLimit(text)).toThrow(CommandFailure);
  });
});
