import { loggableUrl } from './loggable-url';

describe('loggableUrl', () => {
  it.each([
    ['https://a/b%20c', 'https://a/b%20c'],
    ['https://a/b?', 'https://a/b?'],
    ["https://a/b?merchant_id=x%7E&flow='y'&template=", "https://a/b?merchant_id=x%7E&flow='y'&template="],
    ['https://a/b?token=secret&merchant_id=x', 'https://a/b?token=[hidden]&merchant_id=x'],
    ['https://a/b?x=secret=1?y=2', 'https://a/b?x=[hidden]'],
    ['https://a/b?flag', 'https://a/b?flag'],
  ])('returns %s as %s', (url, shown) => {
    expect(loggableUrl(url)).toBe(shown);
  });

  it('returns no more than 500 characters', () => {
    expect(loggableUrl(`https://a/${'b'.repeat(1000)}`)).toHaveLength(500);
  });
});
