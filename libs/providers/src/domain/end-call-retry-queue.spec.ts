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

/** Cleanups on timers that run when a test says so. */
function scene(endCall: EndCall, changes: Partial<EndCallRetryQueueOptions> = {}) {
  const tried: string[] = [];
  const results: CleanupResult[] = [];
  const pauses: number[] = [];
  const waiting = new Set<() => void>();
  const cleanups = new EndCallRetryQueue({
    endCall: (call) => {
      tried.push(call.callSid);
      return endCall(call);
    },
    onResult: (result) => results.push(result),
    startTimer: (delayMs, task) => {
      pauses.push(delayMs);
      waiting.add(task);
      return () => void waiting.delete(task);
    },
    tryMs: 60_000,
    ...changes,
  });
  const elapse = async (): Promise<void> => {
    for (const task of waiting) task();
    await settled();
  };
  return { cleanups, tried, results, pauses, waiting, elapse };
}

/** Resolves when all promises that wait for nothing but each other have settled. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('EndCallRetryQueue', () => {
  it.each([
    ['released', RELEASED],
    ['unknown_call', async () => ({ kind: 'unknown-call' }) as const],
    ['unknown_call', async () => ({ kind: 'foreign-call' }) as const],
    ['unknown_call', async () => ({ kind: 'too-many-unknown' }) as const],
  ])('ends the call at once and reports %s', async (result, endCall) => {
    const { cleanups, tried, results, waiting } = scene(endCall);
    cleanups.add(callOf('twilio', 'c-1'));
    await settled();
    expect([tried, results, waiting.size, cleanups.isPending('twilio', 'c-1')]).toEqual([['c-1'], [result], 0, false]);
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
    const { cleanups, results, pauses, elapse } = scene(inTurn(NEVER, RELEASED), { tryMs: 1 });
    cleanups.add(callOf('twilio', 'c-1'));
    while (pauses.length === 0) await settled();
    await elapse();
    expect(results).toEqual(['released']);
  });

  it('doubles the pauses up to half a minute and gives up after ten tries', async () => {
    const { cleanups, tried, results, pauses, elapse } = scene(FAILED);
    cleanups.add(callOf('twilio', 'c-1'));
    for (let step = 0; step < 12; step += 1) await elapse();
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
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
    const { cleanups, tried, results, elapse } = scene(FAILED, { maxCalls: 2 });
    for (const callSid of ['c-1', 'c-2', 'c-3']) cleanups.add(callOf('twilio', callSid));
    await elapse();
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
    const { cleanups, tried, results, waiting } = scene(inTurn(FAILED, FAILED, RELEASED, FAILED));
    cleanups.add(callOf('twilio', 'c-1'));
    cleanups.add(callOf('twilio', 'c-2'));
    await settled();
    await cleanups.stop();
    expect([tried, results, waiting.size]).toEqual([['c-1', 'c-2', 'c-1', 'c-2'], ['released', 'given_up'], 0]);
  });

  it('waits for a try under way and makes no other', async () => {
    const { cleanups, tried, results } = scene(NEVER, { tryMs: 5 });
    cleanups.add(callOf('twilio', 'c-1'));
    await cleanups.stop();
    expect([tried, results]).toEqual([['c-1'], ['given_up']]);
  });

  it('drops what is added afterwards', async () => {
    const { cleanups, tried, results } = scene(RELEASED);
    await cleanups.stop();
    cleanups.add(callOf('twilio', 'c-1'));
    expect([tried, results]).toEqual([[], ['dropped']]);
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
