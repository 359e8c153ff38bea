import { RefusedError, UnreachableError } from '@smart-router/api-client';
import { untilDrained } from './drain-wait';

const POD = 'voice-agent-0';
const refused = (status: number, code: string, retryAfterSeconds: number | null): RefusedError =>
  new RefusedError('GET /', { status, code, requestId: 'r1', retryAfterSeconds, body: { error: code.toLowerCase() } });

const draining = (active_calls: number) => ({ pod_name: POD, drained: false, is_draining: true, active_calls });
const DRAINED = { ...draining(0), drained: true };

/** Waits for a pod of which the server says these things, one after the other. */
async function wait(answers: readonly (object | Error)[], leftMs = Number.POSITIVE_INFINITY) {
  const said: string[] = [];
  const rest = [...answers];
  const ask = async () => {
    const answer = rest.shift();
    if (answer instanceof Error) throw answer;
    return answer as typeof DRAINED;
  };
  const pause = async (): Promise<void> => undefined;
  const error = await untilDrained({
    pod: POD,
    endsAt: Date.now() + leftMs,
    ask,
    pause,
    say: (text) => said.push(text),
  }).then(
    () => null,
    (failure: Error) => failure.message,
  );
  return { said: said.map((text) => text.replace(`${POD}: `, '')), error, left: rest.length };
}

describe('untilDrained', () => {
  it('says each number of calls once, until none is left', async () => {
    expect(await wait([draining(2), draining(2), draining(1), DRAINED])).toEqual({
      ...{ said: ['2 calls left', '1 call left', 'drained, no calls are left'], error: null, left: 0 },
    });
  });

  it('asks again where the server or its store is away', async () => {
    const away = new UnreachableError('GET /', 'connection', 'cannot reach it');
    const { error, said } = await wait([
      away,
      away,
      refused(502, 'STORE_UNAVAILABLE', 1),
      refused(429, 'RATE_LIMITED', 5),
      DRAINED,
    ]);
    expect([error, said]).toEqual([
      null,
      [
        'asking again: cannot reach it',
        'asking again: store_unavailable',
        'asking again: rate_limited',
        'drained, no calls are left',
      ],
    ]);
  });

  it('ends well where the pod is gone', async () => {
    expect(await wait([draining(1), refused(404, 'POD_NOT_FOUND', null)])).toMatchObject({ error: null, left: 0 });
  });

  it.each([
    [[{ ...draining(3), is_draining: false }], undefined, `${POD} does not drain any more, and has 3 calls`],
    [[draining(1)], 0, `${POD} still has 1 call`],
    [[refused(401, 'UNAUTHORIZED', null)], undefined, 'unauthorized'],
  ])('fails where the calls do not end (%#)', async (answers, leftMs, text) => {
    expect((await wait(answers, leftMs)).error).toBe(text);
  });
});
