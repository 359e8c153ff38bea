import { apiOfAllTests } from '../testing/use-test-api';

/** Every path of the API with a method that it has not, and those that it has. */
const WRONG_METHODS: readonly (readonly [method: string, path: string, allow: string])[] = [
  ['GET', '/api/v1/allocate', 'POST'],
  ['PUT', '/api/v1/release', 'POST'],
  ['DELETE', '/api/v1/drain', 'POST'],
  ['GET', '/api/v1/undrain', 'POST'],
  ['POST', '/api/v1/status', 'GET, HEAD'],
  ['POST', '/api/v1/pod/voice-agent-0', 'GET, HEAD'],
  ['PATCH', '/api/v1/pods', 'GET, HEAD'],
  ['DELETE', '/api/v1/calls', 'GET, HEAD'],
  ['DELETE', '/api/v1/calls/CA1', 'GET, HEAD'],
  ['GET', '/api/v1/calls/CA1/heartbeat', 'POST'],
  ['POST', '/api/v1/merchants/acme', 'DELETE, GET, HEAD, PUT'],
  ['POST', '/api/v1/tier-config', 'GET, HEAD, PUT'],
  ['GET', '/api/v1/reconcile', 'POST'],
  ['GET', '/api/v1/twilio/allocate', 'POST'],
  ['GET', '/api/v1/plivo/status', 'POST'],
  ['PUT', '/api/v1/twilio/allocate', 'GET, HEAD, POST'],
  ['POST', '/health', 'GET, HEAD'],
  ['POST', '/ready', 'GET, HEAD'],
  ['DELETE', '/docs', 'GET, HEAD'],
  ['OPTIONS', '/api/v1/allocate', 'POST'],
];

const api = apiOfAllTests();

it.each(WRONG_METHODS)('%s %s is refused with what is allowed', async (method, path, allow) => {
  const { status, headers, body } = await api.send(method, path);
  expect({ status, body }).toEqual({
    status: 405,
    body: { error: 'method not allowed', code: 'METHOD_NOT_ALLOWED', request_id: headers['x-request-id'] },
  });
  expect(headers['allow']).toBe(allow);
});
