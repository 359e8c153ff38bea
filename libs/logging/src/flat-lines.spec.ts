import fc from 'fast-check';
import type { LogFields, Logger } from './logger';
import { createLogger, generalLogger } from './root-logger';

const SOURCE = { app: 'api', version: '1 "quoted"', log: { level: 'info', format: 'json' } } as const;
const TIME = /"time":"[^"]+"/;

type Make = (source: typeof SOURCE, stream: { write(line: string): void }) => Logger;

/** What the stream gets, in UTF-8, where half of a surrogate pair has no form of its own; the time left out. */
function bytes(make: Make, level: 'info' | 'warn', fields: LogFields, message: string): string {
  const lines: string[] = [];
  make(SOURCE, { write: (line) => void lines.push(Buffer.from(line).toString().replace(TIME, '')) })[level](
    fields,
    message,
  );
  return lines.join();
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\0', '\x7f', '\u2028', 'é', '😀', '\ud800', '\udc00', 'a') }),
);
const flat = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined, -0, 1e21));
const name = fc.oneof(
  fc.constantFrom('request_id', 'call_sid', 'err', 'msg', 'level', 'token', 'authorization', 'x-twilio-signature'),
  fc.constantFrom('From', 'To', 'phone', '"', 'a\nb', 'ü'),
  text.filter((each) => each !== '__proto__'),
);
const more = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
  fc.constantFrom(new Error('broken'), () => 1, Symbol('s'), { token: 't', deep: { From: '+123456' } }, ['token']),
);

it.each([
  ['flat fields', flat],
  ['any fields', fc.oneof(flat, more)],
])('writes the bytes of the general logger: %s', (_what, value) => {
  const lines = fc.record({
    fields: fc.dictionary(name, value),
    message: text,
    level: fc.constantFrom('info' as const, 'warn' as const),
  });
  fc.assert(
    fc.property(lines, ({ fields, message, level }) => {
      expect(bytes(createLogger, level, fields, message)).toBe(bytes(generalLogger, level, fields, message));
    }),
    { numRuns: 2000 },
  );
});

it('leaves lines without fields, and errors in place of fields, to the general logger', () => {
  for (const fields of ['ready', new Error('broken')] as unknown as LogFields[]) {
    expect(bytes(createLogger, 'info', fields, 'x')).toBe(bytes(generalLogger, 'info', fields, 'x'));
  }
});
