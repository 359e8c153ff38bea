import { AllowedMethods } from './allowed-methods';

const methods = new AllowedMethods();
methods.add('GET', '/api/v1/calls/:call_sid');
methods.add('POST', '/api/v1/calls/:call_sid/heartbeat');
methods.add('PUT', '/api/v1/tier-config');
methods.add('GET', '/api/v1/tier-config');
methods.add('GET', '/docs/*');

it.each([
  ['/api/v1/calls/CA1', ['GET']],
  ['/api/v1/calls/CA1/heartbeat', ['POST']],
  ['/api/v1/tier-config', ['GET', 'PUT']],
  ['/api/v1/tier-config/', ['GET', 'PUT']],
  ['/api/v1/tier-config?dry_run=true', ['GET', 'PUT']],
  ['/docs/swagger-ui.css', ['GET']],
  ['/docs/a/b', ['GET']],
])('knows the methods at %s', (url, expected) => {
  expect(methods.of(url)).toEqual(expected);
});

it.each(['/', '/api/v1', '/api/v1/calls', '/api/v1/calls/CA1/other', '/API/v1/tier-config', '/api/v1/tier-configs'])(
  'knows no methods at the unknown path %s',
  (url) => {
    expect(methods.of(url)).toEqual([]);
  },
);
