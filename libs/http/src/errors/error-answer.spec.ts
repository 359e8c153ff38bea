import { BadRequestException, HttpException, PayloadTooLargeException } from '@nestjs/common';
import { ApiError, invalidField } from './api-error';
import { errorAnswer } from './error-answer';

function withCode(code: string, message = 'details that nobody outside should see'): Error {
  return Object.assign(new Error(message), { code });
}

it('answers an error of ours with its text, code and status', () => {
  const error = new ApiError('INVALID_TIER_CONFIG', { text: 'two problems' });
  expect(errorAnswer(error, 'r1')).toEqual({
    status: 422,
    headers: {},
    body: { error: 'two problems', code: 'INVALID_TIER_CONFIG', request_id: 'r1' },
  });
});

it('names the field that breaks a rule', () => {
  expect(errorAnswer(invalidField('call_sid', 'is required'), 'r1').body).toEqual({
    error: 'call_sid is required',
    code: 'INVALID_FIELD',
    request_id: 'r1',
  });
});

it('says when to come back where there is no pod', () => {
  expect(errorAnswer(new ApiError('NO_PODS_AVAILABLE'), 'r1')).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    body: { error: 'no pods available' },
  });
});

it('answers a domain error whose code is in the table with the text of the table', () => {
  expect(errorAnswer(withCode('STORE_UNAVAILABLE', 'connect ECONNREFUSED 10.0.0.1'), 'r1')).toMatchObject({
    status: 502,
    headers: { 'retry-after': '1' },
    body: { error: 'store unavailable', code: 'STORE_UNAVAILABLE' },
  });
});

it('answers a store that did not answer in time with a status of its own', () => {
  const late = Object.assign(withCode('STORE_UNAVAILABLE'), { isTimeout: true });
  for (const error of [late, new Error('no list', { cause: late })]) {
    expect(errorAnswer(error, 'r1')).toMatchObject({ status: 504, body: { code: 'STORE_UNAVAILABLE' } });
  }
});

it('keeps the status of a code that has none for what took too long', () => {
  const late = Object.assign(withCode('NO_PODS_AVAILABLE'), { isTimeout: true });
  expect(errorAnswer(late, 'r1').status).toBe(503);
});

it('answers with the status that an error of ours brings', () => {
  expect(errorAnswer(new ApiError('STORE_UNAVAILABLE', { status: 503 }), 'r1').status).toBe(503);
});

it.each([
  ['an error', new Error('/etc/passwd')],
  ['an error of the system', withCode('ECONNREFUSED')],
  ['an error named like a property of every object', withCode('constructor')],
  ['a framework error of the server', new HttpException('broken', 502)],
  ['text', 'oops'],
  ['nothing', undefined],
  ['null', null],
])('answers %s as an internal error of which nothing is disclosed', (_name, error) => {
  expect(errorAnswer(error, 'r1')).toEqual({
    status: 500,
    headers: {},
    body: { error: 'internal error', code: 'INTERNAL', request_id: 'r1' },
  });
});

it.each([
  [new PayloadTooLargeException(), 413, 'BODY_TOO_LARGE'],
  [new BadRequestException('anything'), 400, 'INVALID_REQUEST'],
  [Object.assign(new Error('aborted'), { statusCode: 400 }), 400, 'INVALID_REQUEST'],
  [withCode('FST_ERR_BAD_URL'), 400, 'INVALID_URL'],
])('answers errors of the framework by their status', (error, status, code) => {
  expect(errorAnswer(error, 'r1')).toMatchObject({ status, body: { code } });
});
