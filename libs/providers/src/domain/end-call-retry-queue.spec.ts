import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { EndCallRetryQueue, type EndCallRetryQueueOptions, type CleanupResult } from './end-call-retry-queue';
import type { CallOperations } from './call-operations';
import { RELEASED as ENDED } from '../testing/handler-scene';

type EndCall = CallOperations['endCall'];

const callOf = (provider: string, callSid: string) => ({ provider, callSid, owners: [provider], maxUnknown: 9 });
const RELEASED = async () => ENDED;
const FAILED = () => Promise.reject(new Error('store unavailable'));
const NEVER = () => new Promise<never>(() => undefined);

/** Answers one after the other; the last one for ever. */
function inTurn(...answers: EndCall[]): EndCall {
  return (...call) => (answers.length > 1 ? answers.shift() : answers[0])?.(...call) ?? FAILED();
}

const FIRST_PAUSE_MS = 500;

/** Cleanups on a clock that a test moves. */
function scene(endCall: EndCall, changes: Partial<EndCallRetryQueueOptions> = {}) {
  const clock = new ManualClock();
  const tried: string[] = [];
  const triedAt: number[] = [];
  const results: CleanupResult[] = [];
  const cleanups = new EndCallRetryQueue({
    endCall: (call) => {
      tried.push(call.callSid);
      triedAt.push(clock.now());
      return endCall(call);
    },
    onResult: (result) => results.push(result),
    clock,
    tryMs: 60_000,
    ...changes,
  });
  const elapse = (): Promise<void> => clock.advance(FIRST_PAUSE_MS);
  return { cleanups, clock, tried, triedAt, results, elapse };
}

describe('EndCallRetryQueue', () => {
  it.each([
    ['released', RELEASED],
    ['unknown_call', async () => ({ kind: 'unknown-call' }) as const],
    ['unknown_call', async () => ({ kind: 'foreign-call' }) as const],
    ['unknown_call', async () => ({ kind: 'too-many-unknown' }) as const],
  ])('ends the call at once and reports %s', async (result, endCall) => {
    const { cleanups, clock, tried, results } = scene(endCall);
    cleanups.add(callOf('twilio', 'c-1'));
    await settled();
    expect([tried, results, clock.sleeping, cleanups.isPending('twilio', 'c-1')]).toEqual([
      ['c-1'],
      [result],
      0,
      false,
    ]);
  });

  it('tries again after a pause when a try fails', async () => {
    const { cleanups, tried, results, elapse } = scene(inTurn(FAILED, RELEASED));
    cleanups.add(callOf('twilio', 'c-1'));
    await settled();
    expect([tried.length, results, cleanups.isPending('twilio', 'c-1')]).toEqual([1, [], true]);
    await elapse();
    expect([tried.length, results, cleanups.isPending('twilio', 'c-1')]).toEqual([2, ['released'], false]);
  });

  it('tries again when a try gets no answer', async () => {
    const { cleanups, clock, results, tried } = scene(inTurn(NEVER, RELEASED), { tryMs: 1_000 });
    cleanups.add(callOf('twilio', 'c-1'));
    await clock.advance(1_499);
    expect([tried.length, results]).toEqual([1, []]);
    await clock.advance(1);
    expect(results).toEqual(['released']);
  });

  it('doubles the pauses up to half a minute and gives up after ten tries', async () => {
    const { cleanups, clock, tried, triedAt, results } = scene(FAILED);
    cleanups.add(callOf('twilio', 'c-1'));
    await clock.advance(12 * 30_000);
    expect(triedAt.slice(1).map((at, index) => at - (triedAt[index] as number))).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect([tried.length, results, cleanups.isPending('twilio', 'c-1')]).toEqual([10, ['given_up'], false]);
  });

  it('ends a call once when it is added twice', async () => {
    const { cleanups, tried, results } = scene(RELEASED);
    cleanups.add(callOf('twilio', 'c-1'));
    cleanups.add(callOf('twilio', 'c-1'));
    await settled();
    expect([tried, results]).toEqual([['c-1'], ['released']]);
  });

  it('ends the calls of two providers apart when they have the same name', async () => {
    const ended: string[] = [];
    const { cleanups, elapse } = scene(async ({ provider, callSid }) => {
      ended.push(`${provider} ${callSid}`);
      return provider === 'twilio' ? FAILED() : RELEASED();
    });
    cleanups.add(callOf('twilio', 'c-1'));
    cleanups.add(callOf('plivo', 'c-1'));
    await settled();
    expect([cleanups.isPending('twilio', 'c-1'), cleanups.isPending('plivo', 'c-1')]).toEqual([true, false]);
    await elapse();
    expect(ended).toEqual(['twilio c-1', 'plivo c-1', 'twilio c-1']);
  });

  it('drops a call when as many as allowed wait', async () => {
    const { cleanups, tried, results } = scene(FAILED, { maxCalls: 2 });
    for (const callSid of ['c-1', 'c-2', 'c-3']) cleanups.add(callOf('twilio', callSid));
    await settled();
    expect([new Set(tried), results]).toEqual([new Set(['c-1', 'c-2']), ['dropped']]);
  });

  it('takes calls again when others have ended', async () => {
    const { cleanups, results, elapse } = scene(inTurn(FAILED, RELEASED), { maxCalls: 1 });
    cleanups.add(callOf('twilio', 'c-1'));
    await settled();
    await elapse();
    cleanups.add(callOf('twilio', 'c-2'));
    await settled();
    expect(results).toEqual(['released', 'released']);
  });
});

describe('EndCallRetryQueue.stop', () => {
  it('gives each waiting call one last try', async () => {
    const { cleanups, clock, tried, results } = scene(inTurn(FAILED, FAILED, RELEASED, FAILED));
    cleanups.add(callOf('twilio', 'c-1'));
    cleanups.add(callOf('twilio', 'c-2'));
    await settled();
    await cleanups.stop();
    expect([tried, results, clock.sleeping]).toEqual([['c-1', 'c-2', 'c-1', 'c-2'], ['released', 'given_up'], 0]);
  });

  it('waits for a try under way and makes no other', async () => {
    const { cleanups, clock, tried, results } = scene(NEVER, { tryMs: 5 });
    cleanups.add(callOf('twilio', 'c-1'));
    const stopped = cleanups.stop();
    await clock.advance(5);
    await stopped;
    expect([tried, results]).toEqual([['c-1'], ['given_up']]);
  });

  it('drops what is added afterwards', async () => {
    const { cleanups, tried, results } = scene(RELEASED);
    await cleanups.stop();
    cleanups.add(callOf('twilio', 'c-1'));
    expect([tried, results]).toEqual([[], ['dropped']]);
  });

  it('gives up only until the queue is resumed, as the process may live on', async () => {
    const { cleanups, tried, results } = scene(inTurn(FAILED, FAILED, RELEASED));
    cleanups.add(callOf('twilio', 'c-1'));
    await settled();
    await cleanups.stop();
    cleanups.add(callOf('twilio', 'c-2'));
    expect(results).toEqual(['given_up', 'dropped']);
    cleanups.resume();
    await settled();
    expect([tried, results.slice(2)]).toEqual([
      ['c-1', 'c-1', 'c-1', 'c-2'],
      ['released', 'released'],
    ]);
  });

  it('keeps as many for that as may wait at a time', async () => {
    const { cleanups, tried } = scene(RELEASED, { maxCalls: 2 });
    await cleanups.stop();
    for (const callSid of ['c-1', 'c-2', 'c-3']) cleanups.add(callOf('twilio', callSid));
    cleanups.resume();
    await settled();
    expect(tried).toEqual(['c-1', 'c-2']);
  });

  it('is over when they are resumed', async () => {
    const { cleanups, results } = scene(RELEASED);
    await cleanups.stop();
    cleanups.resume();
    cleanups.add(callOf('twilio', 'c-1'));
    await settled();
    expect(results).toEqual(['released']);
  });
});
