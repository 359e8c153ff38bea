import { parseJsonObject } from './json-body';

it('reads an object', () => {
  expect(parseJsonObject(Buffer.from('{"call_sid":"CA1","n":[1]}'))).toEqual({ call_sid: 'CA1', n: [1] });
});

it.each([
  ['is empty', [undefined, null, '']],
  ['is no JSON', [' ', '{', '{"a":1}}', '{"a":1}x', '\u0000', '{"a":NaN}', "{'a':1}", '\uFEFF{}x', 'call_sid=CA1']],
  ['is another JSON value', ['null', '[]', '"text"', '1', 'true']],
])('refuses a body that %s', (problem, texts) => {
  for (const text of texts) {
    const raw = typeof text === 'string' ? Buffer.from(text) : text;
    const message = `invalid request body: it must be a JSON object, but ${problem}`;
    expect(() => parseJsonObject(raw)).toThrow(expect.objectContaining({ code: 'INVALID_BODY', message }));
  }
});

it('takes __proto__ as a field like any other, which changes no prototype', () => {
  const value = parseJsonObject(Buffer.from('{"__proto__":{"polluted":true}}'));
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});
