import * as fc from 'fast-check';

/** Parameters as a provider may send them one day: any Unicode text, repeated keys, empty values. */
export const randomParameters: fc.Arbitrary<[string, string][]> = fc.array(
  fc.tuple(
    fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.constantFrom('CallSid', 'From', '__proto__', 'To')),
    fc.string({ unit: 'binary' }),
  ),
  { maxLength: 8 },
);

/** Fields with names as providers use them, each once, and whatever values. None sorts before `AccountSid`. */
export const randomFields: fc.Arbitrary<[string, string][]> = fc.uniqueArray(
  fc.tuple(fc.stringMatching(/^[B-Zb-z][A-Za-z0-9_-]{0,20}$/), fc.string({ unit: 'binary' })),
  { selector: ([name]) => name, maxLength: 8 },
);

export function toForm(parameters: [string, string][]): string {
  return new URLSearchParams(parameters).toString();
}
