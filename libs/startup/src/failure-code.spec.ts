import { failureCode } from './failure-code';
import { StartupTimeoutError } from './bounded-attempt';

it.each([
  [Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [new StartupTimeoutError('starting store', 1000), 'STARTUP_TIMEOUT'],
])('returns the code when there is one: %s', (error, code) => {
  expect(failureCode(error)).toBe(code);
});

it.each([new Error('/etc/passwd'), { code: 'WRONGPASS for user x' }, { code: 7 }, 'text', null, undefined])(
  'returns FAILED when there is no code: %s',
  (error) => {
    expect(failureCode(error)).toBe('FAILED');
  },
);
