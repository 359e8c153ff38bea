import { redactError, redactFields } from './redaction';

describe('redactFields', () => {
  it('hides secrets at the top and one level below', () => {
    const fields = { token: 't', request: { authorization: 'Bearer t', 'x-twilio-signature': 's', id: 'r1' } };
    expect(redactFields(fields)).toEqual({
      token: '[hidden]',
      request: { authorization: '[hidden]', 'x-twilio-signature': '[hidden]', id: 'r1' },
    });
  });

  it('shows the last two digits of phone numbers only', () => {
    expect(redactFields({ From: '+15550001234', call: { To: '+1' } })).toEqual({
      From: '**********34',
      call: { To: '***' },
    });
  });

  it('changes nothing of what it was given', () => {
    const fields = Object.freeze({ password: 'p', nested: Object.freeze({ secret: 's' }) });
    redactFields(fields);
    expect(fields).toEqual({ password: 'p', nested: { secret: 's' } });
  });

  it('returns the same object where nothing needs to be hidden', () => {
    const fields = { call_sid: 'CA1', list: ['token'], nested: { pod: 'p' }, nothing: null };
    expect(redactFields(fields)).toBe(fields);
  });
});

describe('redactError', () => {
  it('hides what a client attached to its error', () => {
    const error = { type: 'Error', message: 'refused', config: { headers: {} }, password: 'p' };
    expect(redactError(error)).toEqual({
      type: 'Error',
      message: 'refused',
      config: '[hidden]',
      password: '[hidden]',
    });
  });

  it('shows of a command its name, and never what it was given', () => {
    const command = { name: 'hscan', args: ['voice:merchant:config', 'from a client'] };
    expect(redactError({ type: 'ReplyError', command })).toEqual({ type: 'ReplyError', command: 'hscan' });
    expect(redactError({ type: 'ReplyError', command: 'AUTH user pass' })).toEqual({
      type: 'ReplyError',
      command: '[hidden]',
    });
  });
});
