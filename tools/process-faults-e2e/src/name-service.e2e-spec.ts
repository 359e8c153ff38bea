import { runToExit } from '@smart-router/test-processes';
import { readyFor, strike } from './app-fault';
import { type Fleet, startFleet } from './fleet';
import { allocate, release } from './http';

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
        statuses.push((await allocate(api, 'named-1')).status, (await release(api, 'named-1')).status);
      }
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });
});
