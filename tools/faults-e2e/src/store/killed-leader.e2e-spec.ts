import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, type Fleet, newFleet, spawnApp, type TestProcess, waitFor } from '@smart-router/testbed';
import { Redis } from 'ioredis';

/** After so many scripts the leaders die, one after the other. */
const DEATHS = [1, 2, 3, 4, 6, 8, 10, 13, 16, 20];
/** Replies are so late that a process which dies when Redis has its request never sees the reply. */
const LATE_MS = 40;
const STEADY = ['steady-0', 'steady-1'];
const SOON_MS = 60_000;
const TEST_TIMEOUT_MS = 240_000;
/** What only a leader asks for, by the first key of its scripts. */
const OF_LEADER = /^voice:(pod:|pods$|pools$|leader|calls:expiry$)/;

describe('a leader that is killed after a script was carried out and before it was answered', () => {
  let folder: string;
  let fleet: Fleet;
  let admin: Redis;
  let watcher: Redis;
  let api: ApiClient;
  let leader: TestProcess | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'killed-leader-'));
    await writeFile(join(folder, 'pods'), STEADY.join('\n'));
    const tiers = {
      gold: { type: 'exclusive', target: 4 },
      basic: { type: 'shared', target: 20, max_concurrent: 3 },
    };
    const env = {
      STATIC_PODS_FILE: join(folder, 'pods'),
      TIER_CONFIG: JSON.stringify(tiers),
      RECONCILE_INTERVAL: '1s',
    };
    fleet = await newFleet().productLimits().env(env).redisBehindProxy().start();
    fleet.proxy.latency({ ms: LATE_MS, direction: 'replies' });
    admin = new Redis(fleet.redis.url);
    watcher = await admin.monitor();
    ({ api } = await fleet.start('api'));
  });

  afterAll(async () => {
    watcher?.disconnect();
    admin?.disconnect();
    await leader?.kill();
    await fleet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Some pods leave and some come with each leader. */
  const podsOf = (round: number): string[] => [...STEADY, ...[0, 1, 2, 3].map((index) => `pod-${2 * round + index}`)];

  /** Ends the leader in the moment in which Redis has its script of this number. */
  function killAtScript(number: number, kill: () => void): () => void {
    let seen = 0;
    const onCommand = (_time: string, args: string[]): void => {
      const [name = '', , , key = ''] = args;
      if (!/^eval(sha)?$/i.test(name) || !OF_LEADER.test(key) || ++seen < number) return;
      kill();
    };
    watcher.on('monitor', onCommand);
    return () => watcher.off('monitor', onCommand);
  }

  async function livedAndDied(round: number, scripts: number): Promise<void> {
    await writeFile(join(folder, 'pods'), podsOf(round).join('\n'));
    let end: Promise<unknown> | undefined;
    const unwatch = killAtScript(scripts, () => {
      end ??= leader?.kill();
    });
    leader = startLeader(true);
    await waitFor(() => end !== undefined, { timeoutMs: SOON_MS, description: `script ${scripts} of leader ${round}` });
    await end;
    unwatch();
  }

  /** Without waiting for its first pass, in which it may die. */
  function startLeader(isBehindProxy: boolean): TestProcess {
    return spawnApp('leader-worker', fleet.settings(isBehindProxy));
  }

  async function statusOf(podNames: readonly string[]) {
    return Promise.all(podNames.map(async (podName) => (await api.pod(podName)).body['status']));
  }

  it(
    'leaves nothing that the next one does not finish, and no call without its pod',
    async () => {
      leader = startLeader(false);
      await waitFor(async () => (await statusOf(STEADY)).every((status) => status === 'available'), {
        timeoutMs: SOON_MS,
        description: 'the steady pods',
      });
      const calls = STEADY.map((_, index) => `lasting-${index}`);
      const granted = await Promise.all(calls.map((callSid) => api.allocate(callSid)));
      await leader.kill();

      for (const [round, scripts] of DEATHS.entries()) await livedAndDied(round, scripts);
      leader = startLeader(false);

      const expected = podsOf(DEATHS.length - 1);
      const known = async () => (await admin.zrange('voice:pods', 0, '-1')).sort();
      await waitFor(async () => (await known()).join() === [...expected].sort().join(), {
        timeoutMs: SOON_MS,
        description: `the pods ${expected.join()}`,
      });
      await waitFor(
        async () =>
          (await statusOf(expected)).join() ===
          expected.map((pod) => (STEADY.includes(pod) ? 'allocated' : 'available')).join(),
        { timeoutMs: SOON_MS, description: 'all of them to be as they should' },
      );
      const left = (await admin.keys('voice:*')).filter((key) => /:pod-\d+$/.test(key));
      expect(left.filter((key) => !expected.some((podName) => key.endsWith(`:${podName}`)))).toEqual([]);
      const released = await Promise.all(calls.map((callSid) => api.release(callSid)));
      expect(released.map(({ body }) => body['pod_name'])).toEqual(granted.map(({ body }) => body['pod_name']));
    },
    TEST_TIMEOUT_MS,
  );
});
