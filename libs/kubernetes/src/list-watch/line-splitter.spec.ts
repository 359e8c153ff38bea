import fc from 'fast-check';
import { LineSplitter } from './line-splitter';

function textsOf(splitter: LineSplitter, text: string): string[] {
  return splitter.push(Buffer.from(text)).map((line) => (line.kind === 'line' ? line.text : 'oversized'));
}

it('keeps a line until it ends', () => {
  const splitter = new LineSplitter(100);
  expect(textsOf(splitter, 'on')).toEqual([]);
  expect(splitter.pending).toBe(2);
  expect(textsOf(splitter, 'e\ntwo\nthr')).toEqual(['one', 'two']);
  expect(textsOf(splitter, 'ee\n')).toEqual(['three']);
  expect(splitter.pending).toBe(0);
});

it('skips empty lines', () => {
  expect(textsOf(new LineSplitter(100), '\n\r\na\n\n')).toEqual(['a']);
});

it('reports a line that is too long, and reads on', () => {
  const splitter = new LineSplitter(5);
  expect(textsOf(splitter, 'far too ')).toEqual([]);
  expect(splitter.pending).toBeGreaterThan(5);
  expect(textsOf(splitter, 'long\nshort\n')).toEqual(['oversized', 'short']);
});

it('gives the same lines however the bytes are cut, also within a character', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 10 }), cuts, (lines, sizes) => {
      const bytes = Buffer.from(lines.map((line) => `<${line.replaceAll('\n', ' ')}>\n`).join(''));
      const whole = new LineSplitter(1000).push(bytes);
      const splitter = new LineSplitter(1000);
      const found = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        found.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found).toEqual(whole);
    }),
  );
});
