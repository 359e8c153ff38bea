import { openRedis } from '@smart-router/redis';
import { systemClock } from '@smart-router/scheduling';
import { askRedis, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import { WrongStoreError } from '../domain/errors';
import { NOOP_OBSERVER, type StoreObserver } from '../domain/store-observer';
import { setMerchantConfig, TIER_CONFIG_PUT } from '../testing/configuration';
import { PATIENT_LIMITS } from '../testing/redis-harness';
import { TEST_TIMINGS } from '../testing/store-harness';
import { RedisRoutingStore } from './redis-routing-store';

const SILENT = { info: () => undefined, warn: () => undefined };
const soon = (description: string) => ({ timeoutMs: 20_000, description });

let redis: RedisProcess;
let store: RedisRoutingStore;
let reported: string[];
const ask = (command: string) => askRedis(redis.port, command);

const recorder: StoreObserver = {
  ...NOOP_OBSERVER,
  evictionRisk: (risk, { policy }) => {
    if (risk !== 'none' || reported.length > 0) reported.push(`${risk} ${policy}`);
  },
  waitBelowReplicas: (isBelow, { confirmedBy, replicas }) =>
    reported.push(`${isBelow ? 'below' : 'covered'} ${confirmedBy} of ${replicas}`),
  writesRefused: (reason) => reported.push(reason === null ? 'writes' : `no writes: ${reason.split(' ')[0]}`),
  storeEmptied: () => reported.push('emptied'),
  wrongStore: (isWrong, mark) => reported.push(`${isWrong ? 'wrong' : 'right'} ${mark}`),
};

async function open(required: string | null = null, replicas: number | null = null): Promise<void> {
  const connection = openRedis({ url: redis.url, ...PATIENT_LIMITS, logger: SILENT });
  const watch = { clock: systemClock, random: Math.random, required, newMark: () => 'ours' };
  const replication = replicas === null ? null : { replicas, timeoutMs: 100 };
  const parts = { keyPrefix: 'voice:', timings: TEST_TIMINGS, observer: recorder };
  store = new RedisRoutingStore(connection, { ...parts, replication, watch });
  await store.connect();
}

beforeEach(async () => {
  reported = [];
  redis = await startRedis();
});
afterEach(async () => {
  await store?.close();
  await redis.kill();
});

/** Another installation has lived in database 1 since then; from now on its data stand where the own ones stood. */
async function mixUpDatabases(sinceMs = 1): Promise<void> {
  await ask(`EVAL "redis.call('SELECT', 1) return redis.call('SET', 'voice:instance', 'theirs ${sinceMs}')" 0`);
  await ask('SWAPDB 0 1');
}

describe('a watched store', () => {
  it('uses no data of another installation after a reconnect, and its own again later', async () => {
    await open();
    await store.leadership.claimEpoch();
    expect(await ask('GET voice:instance')).toMatch(/^ours \d+$/);
    await mixUpDatabases();
    await ask('CLIENT KILL TYPE normal SKIPME yes');
    await waitFor(
      () => store.leadership.claimEpoch().catch((error: unknown) => error instanceof WrongStoreError),
      soon('the other installation to be refused'),
    );
    expect(await ask('DBSIZE')).toBe('1');
    await ask('SWAPDB 0 1');
    await waitFor(
      () =>
        store.ping().then(
          () => true,
          () => false,
        ),
      soon('the own store to be used again'),
    );
    expect(reported).toEqual(['wrong theirs', 'right ours']);
  });

  it('watches on after it was closed and connected again', async () => {
    await open();
    await store.close();
    await store.connect();
    await mixUpDatabases();
    await waitFor(() => reported.includes('wrong theirs'), soon('the other installation to be noticed'));
  });

  it('connects anew although it is still being closed', async () => {
    await open();
    await ask('CLIENT PAUSE 200');
    const closing = store.close();
    await store.connect();
    await closing;
    await expect(store.ping()).resolves.toBeGreaterThan(0);
  });

  it('notices another installation without a reconnect', async () => {
    await open();
    await store.ping();
    await mixUpDatabases();
    await waitFor(
      () =>
        store.ping().then(
          () => false,
          (error: unknown) => error instanceof WrongStoreError,
        ),
      soon('the other installation to be noticed'),
    );
  });

  it.each(['without a reconnect', 'after one'])(
    'lets neither the leader nor a call into a store whose mark is 13 s old, %s',
    async (how) => {
      await open();
      const epoch = await store.leadership.claimEpoch();
      await mixUpDatabases(Date.now() - 13_000);
      if (how === 'after one') await ask('CLIENT KILL TYPE normal SKIPME yes');
      const registration = { podName: 'pod', incarnation: 'one', ready: true, pool: 'gold', metadata: {} };
      const command = { callSid: 'call', merchantId: '', knownMerchantConfig: null, chain: ['gold'] };
      const report = { member: 'me', known: null, phase: 'everything', liveMembers: [] } as const;
      const attempts: (() => Promise<unknown>)[] = [
        () => store.leadership.announceLeader(epoch, 'me', 1_000),
        () => store.pods.configurePool(epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 }),
        () => store.pods.registerPod(epoch, registration),
        () => store.pods.removePod(epoch, 'other'),
        () => store.calls.allocate(command),
        () => store.recovery.checkGeneration(report),
        () => store.documents.createTierConfig('{}'),
        () => store.documents.replaceTierConfig(null, '{}', 1, TIER_CONFIG_PUT),
        () => setMerchantConfig(store, 'acme', '{}'),
        () => store.lease.replaceLease(null, 'me'),
        () => store.reader.pods({ limit: 10 }),
      ];
      for (const attempt of attempts) {
        await waitFor(
          () =>
            attempt().then(
              () => Promise.reject(new Error('the other store was used')),
              (error: unknown) => error instanceof WrongStoreError,
            ),
          soon('the other installation to be refused'),
        );
      }
      expect(await ask('DBSIZE')).toBe('1');
    },
  );

  it('leaves its mark in a store that was emptied under the connection before it writes anything else', async () => {
    await open();
    await store.ping();
    await ask('FLUSHALL');
    await store.leadership.claimEpoch();
    expect(await ask('GET voice:instance')).toMatch(/^ours \d+$/);
    expect(reported).toEqual(['emptied']);
  });

  it('continues with a store that was emptied', async () => {
    await open();
    await store.ping();
    await ask('FLUSHALL');
    await ask('CLIENT KILL TYPE normal SKIPME yes');
    await waitFor(
      () =>
        store.leadership.claimEpoch().then(
          () => true,
          () => false,
        ),
      soon('the emptied store to be used'),
    );
    expect(await ask('GET voice:instance')).toMatch(/^ours \d+$/);
    expect(reported).toEqual(['emptied']);
  });

  it('refuses a store from the start that does not carry the required mark', async () => {
    await ask('SET voice:instance "theirs 1"');
    await expect(open('ours')).rejects.toThrow(WrongStoreError);
  });

  it('takes a Redis for unsafe as long as it does not say whether it evicts', async () => {
    await open();
    await waitFor(() => store.warnings().length === 0, soon('the first look'));
    await ask('ACL SETUSER default -info');
    await waitFor(() => reported.includes('unknown unknown'), soon('the refusal to be noticed'));
    expect(store.warnings()).toEqual(['EVICTION_UNKNOWN']);
    await ask('ACL SETUSER default +info');
    await waitFor(() => store.warnings().length === 0, soon('the answer to be noticed'));
    expect(reported).toEqual(['unknown unknown', 'none noeviction']);
  });

  it('does not use a Redis that refuses to say whether it has lost something', async () => {
    await ask('ACL SETUSER default -info');
    await open();
    await expect(store.probe()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(store.warnings()).toEqual(['EVICTION_UNKNOWN']);
    await ask('ACL SETUSER default +info');
    // A probe may share the answer of a look that was sent before.
    await waitFor(
      () =>
        store.probe().then(
          () => true,
          () => false,
        ),
      soon('the permission to be noticed'),
    );
  });

  it('warns as long as there are more replicas than must have a change', async () => {
    const follow = () => startRedis({ args: ['--replicaof', `127.0.0.1 ${redis.port}`] });
    const replicas = await Promise.all([follow(), follow()]);
    try {
      await open(null, 1);
      await waitFor(() => store.warnings().includes('WAIT_BELOW_REPLICAS'), soon('both replicas to be noticed'));
      await replicas[0]?.kill();
      await waitFor(() => store.warnings().length === 0, soon('the end of the risk to be noticed'));
      expect(reported).toEqual(['below 1 of 2', 'covered 1 of 1']);
    } finally {
      await Promise.all(replicas.map((replica) => replica.kill()));
    }
  });

  it('warns as long as Redis is full, since the same time, whether or not somebody asks', async () => {
    await open();
    await ask('CONFIG SET maxmemory 1');
    await waitFor(() => store.warnings().includes('STORE_REFUSES_WRITES'), soon('the full server to be noticed'));
    const refusal = store.writeRefusal();
    expect(refusal).toMatchObject({ code: 'OOM' });
    await expect(store.probe()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(store.writeRefusal()).toEqual(refusal);
    await ask('CONFIG SET maxmemory 0');
    await waitFor(() => store.warnings().length === 0, soon('the end of it to be noticed'));
    expect(reported.filter((line) => line.includes('writes'))).toEqual(['no writes: OOM', 'writes']);
  });

  it('warns as long as Redis may evict leases', async () => {
    await ask('CONFIG SET maxmemory-policy volatile-lru');
    await open();
    await waitFor(() => reported.includes('without-limit volatile-lru'), soon('the policy to be noticed'));
    expect(store.warnings()).toEqual([]);
    await ask('CONFIG SET maxmemory 100mb');
    await waitFor(() => store.warnings().includes('EVICTION_POSSIBLE'), soon('the limit to be noticed'));
    await ask('CONFIG SET maxmemory-policy noeviction');
    await waitFor(() => store.warnings().length === 0, soon('the end of the risk to be noticed'));
    expect(reported).toEqual(['without-limit volatile-lru', 'possible volatile-lru', 'none noeviction']);
  });
});
