import type { HttpReply } from '@smart-router/testbed';
import type { RawAnswer } from './raw-connection';

/** Expects the one shape of all errors: three fields, of which the last is also a header. @param error the exact text */
export function expectError(reply: HttpReply<unknown>, status: number, code: string, error?: string): void {
  expect({ status: reply.status, body: reply.body }).toEqual({
    status,
    body: { error: error ?? expect.any(String), code, request_id: reply.headers.get('x-request-id') },
  });
}

/** The same for an answer that was read from the socket. */
export function expectRawError(answer: RawAnswer, status: number, code: string): void {
  expect({ status: answer.status, type: answer.headers['content-type'], body: parsed(answer.body) }).toEqual({
    status,
    type: expect.stringMatching(/^application\/json/),
    body: { error: expect.any(String), code, request_id: answer.headers['x-request-id'] },
  });
}

/** What is no JSON is shown as it is, in place of an error of the parser. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
