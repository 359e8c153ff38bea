import { PATIENT_LIMITS, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { encodeCursor, type ListName } from './inputs/page-cursor';
import { startTestApi, type TestApi } from './testing/test-api';

let redis: RedisProcess;
let api: TestApi;
beforeAll(async () => {
  redis = await startRedis();
  api = await startTestApi({ ...PATIENT_LIMITS, REDIS_URL: redis.url, STATIC_PODS: 'unused' });
});
afterAll(async () => {
  await api.close();
  await redis.stop();
});

/** Follows a list to its end, two entries at a time. */
async function everyPage(path: string, field: string): Promise<Record<string, string>[]> {
  const items: Record<string, string>[] = [];
  let cursor: unknown = null;
  do {
    const suffix = cursor === null ? '' : `&cursor=${encodeURIComponent(String(cursor))}`;
    const { body } = await api.get(`${path}?limit=2${suffix}`);
    items.push(...(body[field] as Record<string, string>[]));
    cursor = body['next_cursor'];
  } while (cursor !== null);
  return items;
}

describe('the API on Redis', () => {
  it('returns every pod, call and merchant once when the pages are followed', async () => {
    for (const call of ['a', 'b', 'c']) await api.post('/api/v1/allocate', { call_sid: call });
    for (const merchant of ['x', 'y', 'z']) await api.put(`/api/v1/merchants/${merchant}`, { tier: 'gold' });
    const [pods, calls, merchants] = [
      await everyPage('/api/v1/pods', 'pods'),
      await everyPage('/api/v1/calls', 'calls'),
      await everyPage('/api/v1/merchants', 'items'),
    ];
    for (const call of ['a', 'b', 'c']) await api.post('/api/v1/release', { call_sid: call });
    expect(pods.map((pod) => pod['pod_name'])).toEqual(['acme-0', 'basic-0', 'gold-0', 'standard-0', 'standard-1']);
    expect(calls.map((call) => call['call_sid']).sort()).toEqual(['a', 'b', 'c']);
    expect([...new Set(merchants.map((merchant) => merchant['merchant_id']))].sort()).toEqual(['x', 'y', 'z']);
  });

  it.each<[ListName, readonly string[]]>([
    ['pods', ['', '-', '+', '(', '[a', '\u0000']],
    ['calls', ['', 'x/y', '1', '(1/a', 'nan/a', '/', '1/', '1e999/a', '-inf/a', '1/a/b']],
    ['merchants', ['', 'abc', '-1', '18446744073709551615', '18446744073709551616', '0x10', '1e3']],
  ])('never answers a forged cursor of %s with 500', async (list, cursors) => {
    for (const cursor of cursors) {
      const { status } = await api.get(
        `/api/v1/${list}?cursor=${encodeURIComponent(encodeCursor(list, cursor) ?? '')}`,
      );
      expect([cursor, [200, 400].includes(status)]).toEqual([cursor, true]);
    }
    expect(api.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the API when Redis is gone', () => {
  it('returns 502 for calls and 200 with status down for operators', async () => {
    const own = await startRedis();
    const cutOff = await startTestApi({ REDIS_URL: own.url, STATIC_PODS: 'unused' });
    await own.kill();
    const answers = [await cutOff.post('/api/v1/allocate', { call_sid: 'call-1' }), await cutOff.get('/api/v1/status')];
    const metrics = await cutOff.get('/metrics');
    await cutOff.close();
    expect(answers.map(({ status }) => status)).toEqual([502, 200]);
    expect(answers[0]?.body).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(answers[1]?.body).toMatchObject({ status: 'down', pools: null, active_calls: null });
    expect(metrics.status).toBe(200);
    expect(metrics.text).not.toMatch(/^smart_router_active_calls /m);
  });
});

describe('the API when Redis hangs', () => {
  it('returns 504 while it waits for answers, and once the connection was given up', async () => {
    const own = await startRedis();
    const waiting = await startTestApi({ REDIS_URL: own.url, STATIC_PODS: 'unused', REQUEST_DEADLINE: '600ms' });
    own.pause();
    const ask = () => waiting.get('/api/v1/calls');
    const isGivenUp = async () => /no connection/.test(String((await ask(), waiting.logs.at(-1))?.['cause']));
    const first = await ask();
    await waitFor(isGivenUp, { timeoutMs: 20_000, description: 'the connection to be given up' });
    const later = await ask();
    own.resume();
    await waiting.close();
    await own.kill();
    const late = { status: 504, headers: { 'retry-after': '1' }, body: { code: 'STORE_UNAVAILABLE' } };
    expect([first, later]).toMatchObject([late, late]);
  });
});
