import { evalshaArgs, scriptOf } from './sent-scripts';

const sent = ['evalsha', 'abc', '1', 'voice:call:CA-1', 'voice:', 'CA-1', '86400000', '1764400000000', 'gold'];

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
