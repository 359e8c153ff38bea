import fc from 'fast-check';
import { decodeCursor, encodeCursor, type ListName } from './page-cursor';

describe('decodeCursor', () => {
  it('returns what was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (cursor) => {
        expect(decodeCursor('pods', encodeCursor('pods', cursor) as string, 'redis')).toBe(cursor);
      }),
    );
  });

  it('throws when the cursor belongs to another list', () => {
    expect(() => decodeCursor('calls', encodeCursor('pods', 'pod-1') as string, 'redis')).toThrow(/^cursor must be/);
  });

  it('throws when the text is no cursor', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => decodeCursor('pods', text, 'memory')).toThrow(/^cursor must be/);
      }),
    );
  });
});

describe('a cursor that a client forged', () => {
  const forged = (list: ListName, cursor: string, kind: 'redis' | 'memory') => () =>
    decodeCursor(list, encodeCursor(list, cursor) as string, kind);

  it.each<[ListName, string, 'redis' | 'memory']>([
    ['pods', '', 'redis'],
    ...['', 'x/y', '1', '(1/a', '[1/a', 'nan/a', ' 1/a', '1 /a', '1e/a', '/a'].map(
      (cursor): [ListName, string, 'redis'] => ['calls', cursor, 'redis'],
    ),
    ...['', 'abc', '-1', '1.5', '18446744073709551616', '1 ', '\u0661'].map((cursor): [ListName, string, 'redis'] => [
      'merchants',
      cursor,
      'redis',
    ]),
    ['merchants', '', 'memory'],
    ...['', '1', '0-0', '00-0', '-1-0', '1-', '(1-0', '18446744073709551616-0', '1-18446744073709551616', '+'].map(
      (cursor): [ListName, string, 'redis'] => ['audit', cursor, 'redis'],
    ),
    ['audit', 'x', 'memory'],
  ])('is refused for %s when it is %j and the store is %s', (list, cursor, kind) => {
    expect(forged(list, cursor, kind)).toThrow(/^cursor must be/);
  });

  it.each<[ListName, string, 'redis' | 'memory']>([
    ['calls', '1767312000000/CA1', 'redis'],
    ['calls', '001767312000000/CA1', 'memory'],
    ['calls', '1.7673120000000001e+17/CA1', 'redis'],
    ['calls', '-inf/CA1', 'redis'],
    ['merchants', '18446744073709551615', 'redis'],
    ['merchants', 'acme', 'memory'],
    ['audit', '1767225600000-0', 'redis'],
    ['audit', '18446744073709551615-18446744073709551615', 'redis'],
    ['audit', '1767225600000-3', 'memory'],
  ])('is taken for %s when it is %j, as the store %s makes them', (list, cursor, kind) => {
    expect(forged(list, cursor, kind)()).toBe(cursor);
  });
});

describe('encodeCursor', () => {
  it('returns null at the end of the list', () => {
    expect(encodeCursor('pods', null)).toBeNull();
  });
});
