import { type AppProcess, type Fleet, MemoryGroup } from '@smart-router/testbed';
import { ended, readyFor, strike } from './app-fault';
import { activeCalls, startFleet } from './fleet';

const LIMIT_MB = 256;

// Only root may limit the memory of a process from outside.
const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('a process that cannot continue', () => {
  let fleet: Fleet;
  let other: AppProcess;

  beforeAll(async () => {
    fleet = await startFleet();
    other = await fleet.startApi();
  });

  afterAll(() => fleet?.stop());

  it.each([
    ['exception', 'nobody catches this'],
    ['rejection', 'nobody awaits this'],
  ] as const)('says once why and ends with code 1: %s', async (fault, message) => {
    const api = await fleet.startApi(readyFor(fault));
    strike(api);

    expect(await ended(api)).toMatchObject({ code: 1 });
    const fatal = api.logs.filter(({ level }) => level === 'fatal');
    expect(fatal).toEqual([
      expect.objectContaining({ msg: 'uncaught error', err: expect.objectContaining({ message }) }),
    ]);
  });

  it('leaves its calls to the others when its memory runs out', async () => {
    const api = await fleet.startApi(readyFor('memory', '--max-old-space-size=64'));
    const given = await api.api.allocate('memory-1');
    strike(api);

    expect((await ended(api)).code).not.toBe(0);
    expect(await other.api.allocate('memory-1')).toMatchObject({
      status: 200,
      body: { was_existing: true, pod_name: given.body['pod_name'] },
    });
    expect((await other.api.release('memory-1')).status).toBe(200);
    expect(await activeCalls(other)).toBe(0);
  });

  asRoot('leaves its calls to the others when the kernel takes its memory away', async () => {
    const group = MemoryGroup.of(LIMIT_MB);
    if (!group) throw new Error('this machine lets nobody limit memory');
    try {
      const api = await fleet.startApi(readyFor('memory'));
      group.add(api.pid);
      const given = await api.api.allocate('memory-2');
      strike(api);

      expect(await ended(api)).toMatchObject({ signal: 'SIGKILL' });
      expect(await other.api.allocate('memory-2')).toMatchObject({
        status: 200,
        body: { was_existing: true, pod_name: given.body['pod_name'] },
      });
      expect((await other.api.release('memory-2')).status).toBe(200);
      expect(await activeCalls(other)).toBe(0);
    } finally {
      group.remove();
    }
  });
});
