import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestDeadlines } from './request-deadlines';

let now = 0;
let deadlines: RequestDeadlines;
let answered: unknown[];

beforeEach(() => {
  now = 0;
  answered = [];
  deadlines = new RequestDeadlines(1000, () => now);
});

function arrive(reply: { sent?: boolean; headersSent?: boolean } = {}, complete = true): FastifyRequest {
  const request = { raw: { complete } } as FastifyRequest;
  const { sent = false, headersSent = false } = reply;
  const send = (payload: unknown) => answered.push(payload);
  deadlines.begin(request, { sent, raw: { headersSent }, send } as unknown as FastifyReply);
  return request;
}

function sweepAt(time: number): void {
  now = time;
  deadlines.sweep();
}

it('answers a request that is open at its deadline, once', () => {
  arrive();
  sweepAt(999);
  expect(answered).toEqual([]);
  sweepAt(1000);
  sweepAt(5000);
  expect(answered).toEqual([expect.objectContaining({ code: 'DEADLINE_EXCEEDED' })]);
});

it('says that the request itself is late when its body has not arrived', () => {
  arrive({}, false);
  sweepAt(1000);
  expect(answered).toEqual([expect.objectContaining({ code: 'REQUEST_TIMEOUT' })]);
});

it('answers those only whose own time has run out', () => {
  arrive();
  now = 500;
  arrive();
  sweepAt(1200);
  expect(answered).toHaveLength(1);
  sweepAt(1500);
  expect(answered).toHaveLength(2);
});

it('leaves a request alone that has been answered', () => {
  deadlines.end(arrive());
  sweepAt(2000);
  expect(answered).toEqual([]);
});

it('gives a slot to one request at a time, although an end is reported twice', () => {
  const first = arrive();
  deadlines.end(first);
  deadlines.end(first);
  arrive();
  arrive();
  sweepAt(2000);
  expect(answered).toHaveLength(2);
});

it.each([{ sent: true }, { headersSent: true }])('leaves an answer alone that is on its way: %j', (reply) => {
  arrive(reply);
  sweepAt(2000);
  expect(answered).toEqual([]);
});
