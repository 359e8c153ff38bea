import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fleet, runToExit, spawnApp, waitFor } from '@smart-router/testbed';
import { readyFor, strike } from './app-fault';
import { startFleet } from './fleet';

/** Longer than a resolver asks two times. */
const END_TIMEOUT_MS = 60_000;
/** RFC 5737: nobody answers. */
const SILENT_SERVER = 'nameserver 192.0.2.1\n';

// Only root may give a process another /etc/resolv.conf.
const asRoot = process.getuid?.() === 0 ? it : it.skip;

/** RFC 6761: a name that never exists. */
const NOWHERE = { REDIS_URL: 'redis://redis.invalid:6379', REDIS_START_TIMEOUT: '2s' };

describe('a name service that fails', () => {
  it('stops the start with code 1 and the reason when the name does not exist', async () => {
    const { code, logs } = await runToExit('api', NOWHERE, 60_000);
    expect(code).toBe(1);
    expect(JSON.stringify(logs.filter(({ level }) => level === 'fatal'))).toMatch(/STORE|redis/i);
  });

  it('stops the start with code 1 when it never answers', async () => {
    const { code } = await runToExit('api', { ...NOWHERE, ...readyFor('silent-dns-from-start') }, 60_000);
    expect(code).toBe(1);
  });

  asRoot('stops the start with code 1 when the name server of the machine never answers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'silent-names-'));
    await writeFile(join(folder, 'resolv.conf'), SILENT_SERVER);
    const enter = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const under = ['unshare', '--mount', 'sh', '-c', enter, join(folder, 'resolv.conf')];
    const api = spawnApp('api', NOWHERE, { under });
    try {
      await waitFor(() => api.exit !== null, { timeoutMs: END_TIMEOUT_MS, description: 'the start to end' });
      expect(api.exit).toMatchObject({ code: 1 });
      expect(api.tail()).toMatch(/STORE|redis/i);
    } finally {
      await api.kill();
      await rm(folder, { recursive: true });
    }
  });

  describe('while the app runs', () => {
    let fleet: Fleet;

    beforeAll(async () => {
      fleet = await startFleet();
    });

    afterAll(() => fleet?.stop());

    it('leaves connections alone that are open', async () => {
      const url = fleet.redis.url.replace('127.0.0.1', 'localhost');
      const api = await fleet.startApi({ REDIS_URL: url, ...readyFor('silent-dns') });
      strike(api);

      const statuses: number[] = [];
      for (let index = 0; index < 20; index++) {
        statuses.push((await api.api.allocate('named-1')).status, (await api.api.release('named-1')).status);
      }
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });
});
