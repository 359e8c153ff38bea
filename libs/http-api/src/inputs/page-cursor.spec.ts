import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './page-cursor';

describe('decodeCursor', () => {
  it('returns what was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (cursor) => {
        expect(decodeCursor('pods', encodeCursor('pods', cursor) as string)).toBe(cursor);
      }),
    );
  });

  it('throws when the cursor belongs to another list', () => {
    expect(() => decodeCursor('calls', encodeCursor('pods', 'pod-1') as string)).toThrow(/^cursor must be/);
  });

  it('throws when the text is no cursor', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => decodeCursor('pods', text)).toThrow(/^cursor must be/);
      }),
    );
  });
});

describe('encodeCursor', () => {
  it('returns null at the end of the list', () => {
    expect(encodeCursor('pods', null)).toBeNull();
  });
});
