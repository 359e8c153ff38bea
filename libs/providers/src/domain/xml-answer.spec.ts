import { xmlText } from './xml-answer';

describe('xmlText', () => {
  it.each(['plain', 'tab\t line\n return\r', 'é \u{1f4de} \ufffd \ue000', '<&>"\''])('returns %j as it is', (text) => {
    expect(xmlText(text)).toBe(text);
  });

  it.each(['\u0000', '\u0001', '\u000b', '\u001f', '\ufffe', '\uffff', '\ud800', '\udc00', '\udc00\ud800'])(
    'leaves %j out',
    (text) => {
      expect(xmlText(`a${text}b`)).toBe('ab');
    },
  );
});
