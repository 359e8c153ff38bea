import { ApiError } from './errors/api-error';
import { conditionsOf } from './conditions';

const of = (ifMatch?: string, ifNoneMatch?: string) =>
  conditionsOf({ headers: { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } });

describe('If-Match', () => {
  it.each<[header: string | undefined, tag: string | null, holds: boolean]>([
    [undefined, '1-a', true],
    [undefined, null, true],
    ['"1-a"', '1-a', true],
    ['"1-b"', '1-a', false],
    ['"1-a"', null, false],
    ['*', '1-a', true],
    [' * ', '1-a', true],
    ['*', null, false],
    ['"1-b", "1-a"', '1-a', true],
    ['"1-b" ,,"1-a",', '1-a', true],
    ['W/"1-a"', '1-a', false],
    ['W/"1-a", "1-a"', '1-a', true],
    ['"a,b", "c"', 'a,b', true],
    ['""', '', true],
    ['"1-A"', '1-a', false],
  ])('%p asks of the tag %p: %p', (header, tag, holds) => {
    expect(of(header).holds(tag)).toBe(holds);
    expect(of(header).namesState).toBe(header !== undefined);
  });
});

describe('If-None-Match', () => {
  it.each<[header: string | undefined, tag: string | null, holds: boolean]>([
    ['"1-a"', '1-a', false],
    ['W/"1-a"', '1-a', false],
    ['"1-b"', '1-a', true],
    ['"1-b"', null, true],
    ['"1-b", "1-a"', '1-a', false],
    ['*', '1-a', false],
    ['*', null, true],
  ])('%p asks of the tag %p: %p', (header, tag, holds) => {
    expect(of(undefined, header).holds(tag)).toBe(holds);
    expect(of(undefined, header)).toMatchObject({ namesState: false, areGiven: true });
  });

  it('is asked beside If-Match', () => {
    expect(of('*', '"1-a"').holds('1-a')).toBe(false);
    expect(of('*', '"1-a"').holds('2-b')).toBe(true);
  });
});

describe('a header that is no list of tags', () => {
  it.each(['', ' ', ',', '1-a', '"1-a', '1-a"', '"1-a" "2-b"', '"1-a", x', '*, "1-a"', 'w/"1-a"', '"1 a"', "'1-a'"])(
    'is refused by its name: %p',
    (header) => {
      for (const [name, read] of [
        ['If-Match', () => of(header)],
        ['If-None-Match', () => of(undefined, header)],
      ] as const) {
        expect(read).toThrow(ApiError);
        expect(read).toThrow(`${name} must be * or a list of ETags in quotes`);
      }
    },
  );
});
