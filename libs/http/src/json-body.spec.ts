import { parseJsonObject } from './json-body';

it('reads an object', () => {
  expect(parseJsonObject(Buffer.from('{"call_sid":"CA1","n":[1]}'))).toEqual({ call_sid: 'CA1', n: [1] });
});

it.each([undefined, null, '', ' ', '{', '[]', '"text"', '1', 'null', 'true', 'call_sid=CA1', '{"a":1}x'])(
  'refuses %j as a body',
  (text) => {
    const raw = typeof text === 'string' ? Buffer.from(text) : text;
    expect(() => parseJsonObject(raw)).toThrow(expect.objectContaining({ code: 'INVALID_BODY' }));
  },
);

it('takes __proto__ as a field like any other, which changes no prototype', () => {
  const value = parseJsonObject(Buffer.from('{"__proto__":{"polluted":true}}'));
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});
