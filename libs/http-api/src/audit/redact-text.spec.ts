import { redactText } from './redact-text';

describe('redactText', () => {
  it.each([
    [null, null],
    ['{"tier":"gold"}', '{"tier":"gold"}'],
    ['{ "tier": "gold" }', '{ "tier": "gold" }'],
    ['not json', 'not json'],
    ['{"tier":"gold","password":"x"}', '{"tier":"gold","password":"***"}'],
    [
      '{"a":[{"authToken":{"b":1}}],"API_KEY":7,"apikey":null}',
      '{"a":[{"authToken":"***"}],"API_KEY":"***","apikey":"***"}',
    ],
    ['{"tier":"secret"}', '{"tier":"secret"}'],
    ['{"tier":"gold","client_secret":"x', '***'],
    ['password=x', '***'],
  ])('shows %p as %p', (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });
});
