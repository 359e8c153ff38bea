import { commandOf, evalshaArgs, scriptOf } from './sent-scripts';

const sent = ['evalsha', 'abc', '1', 'voice:call:CA-1', 'voice:', 'CA-1', '86400000', '1764400000000', 'gold'];

describe('commandOf', () => {
  it('reads the arguments of a command of a client, as they were sent', () => {
    const line = String.raw`+1795937677.993991 [0 127.0.0.1:44] "evalsha" "abc" "" "{\"fallback\": [\"gold\"]}" "a\\b\n\x1f"`;

    expect(commandOf(line)).toEqual(['evalsha', 'abc', '', '{"fallback": ["gold"]}', 'a\\b\n\x1f']);
  });

  it.each(['+OK', '+1795937677.993991 [0 lua] "GET" "voice:call:1"'])('returns null for %s', (line) => {
    expect(commandOf(line)).toBeNull();
  });
});

describe('scriptOf', () => {
  it('leaves a place for the call, and is never late', () => {
    expect(scriptOf(sent, 'CA-1')).toEqual({
      sha: 'abc',
      keyPrefix: 'voice:call:',
      args: ['voice:', '{call}', '86400000', '9007199254740991', 'gold'],
    });
  });

  it('throws when it is no script of one call', () => {
    expect(() => scriptOf(['eval', 'return 1', '1', 'voice:call:CA-1'], 'CA-1')).toThrow('EVALSHA');
    expect(() => scriptOf(['evalsha', 'abc', '1', 'voice:other'], 'CA-1')).toThrow('EVALSHA');
  });
});

describe('evalshaArgs', () => {
  it('fills in another call', () => {
    expect(evalshaArgs(scriptOf(sent, 'CA-1'), 'CA-22')).toEqual([
      ...['abc', '1', 'voice:call:CA-22', 'voice:', 'CA-22', '86400000', '9007199254740991', 'gold'],
    ]);
  });
});
