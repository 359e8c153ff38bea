import { useRedis } from '../testing/redis-under-test';
import { TEST_TIMINGS } from '../testing/store-harness';

describe('the mark of an ended call in Redis', () => {
  const t = useRedis(async (t) => {
    await t.register('pod-1', 'gold');
  });

  const key = (): string => t.key('ended:call-1');
  const allocate = (provider: string) => t.allocate('call-1', ['gold'], { provider });
  const end = (...owners: string[]) => t.store.calls.endCall({ callSid: 'call-1', owners });

  it('bars everybody when a process of a former version has left it, and says so still after another end', async () => {
    await t.client.set(key(), '1', 'PX', 60_000);
    expect([await allocate('exotel'), await allocate('twilio')]).toEqual([
      { kind: 'call-ended' },
      { kind: 'call-ended' },
    ]);
    await end('exotel');
    expect([await t.client.get(key()), (await allocate('twilio')).kind]).toEqual(['1', 'call-ended']);
  });

  it('names the owners that it bars, and until when', async () => {
    await end('exotel');
    await end('twilio', 'api');
    const entries = ((await t.client.get(key())) ?? '').split(' ').map((entry) => entry.split('='));
    expect(entries.map(([owner]) => owner)).toEqual(['exotel', 'twilio', 'api']);
    const lifetimes = entries.map(([, untilMs]) => Number(untilMs) - Date.now());
    for (const ms of lifetimes) {
      expect(ms).toBeGreaterThan(TEST_TIMINGS.endedCallMs - 30_000);
      expect(ms).toBeLessThanOrEqual(TEST_TIMINGS.endedCallMs);
    }
  });

  it('forgets those whose time is over', async () => {
    await t.client.set(key(), `exotel=${Date.now() - 1} twilio=${Date.now() + 60_000}`);
    expect((await allocate('exotel')).kind).toBe('allocated');
    await t.store.calls.release('call-1');
    await end('api');
    expect(await t.client.get(key())).toMatch(/^twilio=\d+ api=\d+$/);
  });

  it('is left by any owner when the record of the call was lost, and who owns it is not known', async () => {
    await allocate('twilio');
    await t.client.set(`${t.prefix}call:call-1`, 'foreign');
    await t.store.pods.repairPod(t.epoch, 'pod-1');
    expect((await t.store.reader.call('call-1'))?.provider).toBeNull();
    expect(await end('twilio')).toMatchObject({ kind: 'released', podName: 'pod-1' });
    expect(await allocate('twilio')).toEqual({ kind: 'call-ended' });
  });

  it('bars everybody when something else stands under its name', async () => {
    await t.client.lpush(key(), 'x');
    expect(await allocate('exotel')).toEqual({ kind: 'call-ended' });
    expect(await end('exotel')).toEqual({ kind: 'unknown-call' });
    expect(await t.client.type(key())).toBe('list');
  });
});
