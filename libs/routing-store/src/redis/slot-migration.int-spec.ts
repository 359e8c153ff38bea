import { askRedis, type RedisCluster, SlotMigration, startRedisCluster, waitFor } from '@smart-router/testbed';
import { StoreUnavailableError } from '../domain/errors';
import { keysOf, openRedisHarness, type RedisHarness } from '../testing/redis-harness';
import { keyViolations } from '../testing/redis-integrity';
import { StoreUnderTest } from '../testing/store-harness';
import { snapshotOf, violationsOf } from '../testing/store-snapshot';

const PODS = 20;

describe('a slot that moves to another node while calls come and go', () => {
  let cluster: RedisCluster;
  let harness: RedisHarness;
  let t: StoreUnderTest;

  beforeEach(async () => {
    cluster = await startRedisCluster({ nodes: 3 });
    t = await StoreUnderTest.open(async () => (harness = await openRedisHarness(cluster.url)));
    for (let i = 0; i < PODS; i++) {
      await t.register(`pod-g${i}`, 'gold');
      await t.register(`pod-b${i}`, 'basic');
    }
  });

  afterEach(async () => {
    await t.close();
    await cluster.stop();
  });

  /** @returns false where the store has refused it */
  async function attempt(operation: Promise<unknown>): Promise<boolean> {
    return operation.then(
      () => true,
      (error: unknown) => {
        if (error instanceof StoreUnavailableError) return false;
        throw error;
      },
    );
  }

  /** Calls that begin and end on all pods until `isOver`. */
  async function load(counts: { answered: number; refused: number }, isOver: () => boolean): Promise<void> {
    const caller = async (name: string): Promise<void> => {
      for (let i = 0; !isOver(); i++) {
        const callSid = `call-${name}-${i % 7}`;
        const operation = i % 3 === 2 ? t.store.calls.release(callSid) : t.allocate(callSid, ['gold', 'basic']);
        counts[(await attempt(operation)) ? 'answered' : 'refused']++;
      }
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(caller));
  }

  /** Moves all keys one by one. @param halfWay is awaited when half of them have been moved */
  async function migrate(halfWay: () => Promise<void>): Promise<void> {
    const migration = await SlotMigration.begin(cluster, `${harness.prefix}pods`);
    const keys = await keysOf(harness.connection, harness.prefix);
    const [first, second] = [keys.slice(0, keys.length / 2), keys.slice(keys.length / 2)];
    for (const key of first) await migration.move(key);
    await halfWay();
    for (const key of second) await migration.move(key);
    // What was written after the keys were listed.
    while ((await migration.remaining()) > 0) {
      for (const key of await keysOf(harness.connection, harness.prefix)) await migration.move(key);
    }
    await migration.end();
  }

  /** How often the nodes have refused a command, since keys of it were missing. */
  async function timesRefused(): Promise<number> {
    const stats = await Promise.all(cluster.nodes.map(({ port }) => askRedis(port, 'INFO errorstats')));
    return stats.reduce((sum, text) => sum + Number(/TRYAGAIN:count=(\d+)/.exec(text)?.[1] ?? 0), 0);
  }

  async function violations(): Promise<unknown[]> {
    const snapshot = await snapshotOf(t.store);
    const { activeCalls } = snapshot.stats;
    const listed =
      snapshot.calls.length === activeCalls ? [] : [`${activeCalls} calls, ${snapshot.calls.length} listed`];
    return [
      ...violationsOf(snapshot, new Map()),
      ...(await keyViolations(harness.connection, harness.prefix)),
      ...listed,
    ];
  }

  it.each([
    ['is soon over', 0],
    ['takes longer than calls can wait', 10],
  ])('leaves nothing half done when it %s', async (_what, refused) => {
    const counts = { answered: 0, refused: 0 };
    let isOver = false;
    const loading = load(counts, () => isOver);
    await waitFor(() => counts.answered > 100, { description: 'the load' });
    await migrate(async () => {
      await waitFor(() => counts.refused >= refused, { description: 'refusals', timeoutMs: 30_000 });
    });
    const answered = counts.answered;
    await waitFor(() => counts.answered > answered + 100, { description: 'answers after the migration' });
    isOver = true;
    await loading;

    expect(await timesRefused()).toBeGreaterThan(0);
    expect(await violations()).toEqual([]);
  });

  it('carries out nothing whose caller has been refused', async () => {
    let refused: boolean[] = [];
    await migrate(async () => {
      const calls = Array.from({ length: PODS }, (_, i) => t.allocate(`call-${i}`, ['gold']));
      refused = (await Promise.all(calls.map(attempt))).map((isDone) => !isDone);
    });
    expect(refused).toEqual(refused.map(() => true));
    await waitFor(() => attempt(t.store.reader.fleetStats()), { description: 'the store after the migration' });
    expect(await t.stats('gold')).toMatchObject({ activeCalls: 0, available: PODS });
  });
});
