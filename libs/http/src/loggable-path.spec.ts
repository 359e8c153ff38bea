import { loggablePath } from './loggable-path';

it.each([
  ['/', '/'],
  ['/api/v2/allocate', '/api/v2/allocate'],
  ['/agent/voice/breeze-buddy/twilio/callback/', '/agent/voice/breeze-buddy/twilio/callback/'],
  ['/api/v1/pods/voice-agent-0/stop', '/api/v1/pods/*/stop'],
  ['/call/+919812345678', '/call/*'],
  ['/key/sk_live_51HxAbCdEfGhIjKlMnOpQr', '/key/*'],
  ['/api/v1/calls/x?token=abc&From=%2B919812345678', '/api/v1/calls/x?token=*&From=*'],
  ['/x?919812345678', '/x?*'],
  ['/x?a=b?c=d', '/x?a=*'],
  ['/\u001b[31m', '/*'],
])('%s is logged as %s', (url, shown) => {
  expect(loggablePath(url)).toBe(shown);
});

it('is short whatever is sent', () => {
  expect(loggablePath(`/${'a/'.repeat(5000)}`).length).toBeLessThanOrEqual(200);
});
