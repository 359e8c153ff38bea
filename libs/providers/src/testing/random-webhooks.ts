import * as fc from 'fast-check';

/** Parameters as a provider may send them one day: any Unicode text, repeated keys, empty values. */
export const randomParameters: fc.Arbitrary<[string, string][]> = fc.array(
  fc.tuple(
    fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.constantFrom('CallSid', 'From', '__proto__', 'To')),
    fc.string({ unit: 'binary' }),
  ),
  { maxLength: 8 },
);

export function toForm(parameters: [string, string][]): string {
  return new URLSearchParams(parameters).toString();
}
