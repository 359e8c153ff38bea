import { PROVIDER_CALLS } from './provider-calls';

describe('streamUrlIn', () => {
  it.each([
    ['twilio', '<Response><Connect><Stream url="wss://a/x?b=1&amp;c=2"/></Connect></Response>', 'wss://a/x?b=1&c=2'],
    ['twilio', '<Response><Say>All lines are busy.</Say><Hangup/></Response>', undefined],
    ['plivo', '<Response><Stream bidirectional="true"> wss://a/x </Stream></Response>', 'wss://a/x'],
    ['plivo', '<Response><Speak>All lines are busy.</Speak></Response>', undefined],
    ['exotel', '{"url":"wss://a/x"}', 'wss://a/x'],
    ['exotel', '{"success":true}', undefined],
    ['exotel', '<html>', undefined],
  ] as const)('returns the address that %s reads in %s', (provider, answer, url) => {
    expect(PROVIDER_CALLS[provider].streamUrlIn(answer)).toBe(url);
  });
});
