import { requestFor, resultOf } from './call-requests';

const answer = (status: number, body: object | string) => ({
  kind: 'answer' as const,
  status,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('resultOf', () => {
  it.each([
    ['allocate', { pod_name: 'a', was_existing: false }, { kind: 'allocated', pod: 'a', wasExisting: false }],
    ['allocate', { pod_name: 'a', was_existing: true }, { kind: 'allocated', pod: 'a', wasExisting: true }],
    ['release', { pod_name: 'a' }, { kind: 'released', pod: 'a' }],
    ['heartbeat', { pod_name: 'a' }, { kind: 'alive', pod: 'a' }],
  ] as const)('returns what %s says when it is answered with %j', (op, body, result) => {
    expect(resultOf(op, answer(200, body))).toEqual(result);
  });

  it.each([
    [503, 'NO_PODS_AVAILABLE', 'no-capacity'],
    [409, 'CALL_ENDED', 'call-ended'],
    [404, 'CALL_NOT_FOUND', 'unknown-call'],
    [502, 'STORE_UNAVAILABLE', 'unknown'],
    [504, 'STORE_UNAVAILABLE', 'unknown'],
    [504, 'DEADLINE_EXCEEDED', 'unknown'],
    [503, 'OVERLOADED', 'unknown'],
  ])('returns the meaning of %d %s', (status, code, kind) => {
    expect(resultOf('allocate', answer(status, { error: 'x', code }))).toEqual({ kind });
  });

  it('returns unknown when there was no answer', () => {
    expect(resultOf('release', { kind: 'no-answer' })).toEqual({ kind: 'unknown' });
  });

  it.each([
    [200, 'acknowledged'],
    [204, 'acknowledged'],
    [502, 'unknown'],
    [503, 'unknown'],
    [504, 'unknown'],
  ])('returns what a status callback means that is answered with %d', (status, kind) => {
    expect(resultOf('end-call', answer(status, ''))).toEqual({ kind });
  });

  it.each([
    ['an internal error', answer(500, { code: 'INTERNAL' })],
    ['no JSON', answer(200, '<html>')],
    ['a success without a pod', answer(200, { success: true })],
    ['a refused field', answer(400, { code: 'INVALID_FIELD' })],
  ])('returns null when it is %s', (_, unexpected) => {
    expect(resultOf('allocate', unexpected)).toBeNull();
  });
});

describe('requestFor', () => {
  it('returns a form of the provider when a call is to be ended', () => {
    expect(requestFor('end-call', 'CA1', '')).toMatchObject({
      contentType: 'application/x-www-form-urlencoded',
      body: 'CallSid=CA1&CallStatus=completed',
    });
  });

  it('returns JSON with the merchant when a call asks for a pod', () => {
    expect(JSON.parse(requestFor('allocate', 'CA1', 'acme').body)).toEqual({ call_sid: 'CA1', merchant_id: 'acme' });
  });
});
