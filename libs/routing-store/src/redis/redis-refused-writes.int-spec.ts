import { Redis } from 'ioredis';
import { StoreUnavailableError } from '../domain/errors';
import { useRedis } from '../testing/redis-under-test';
import { readKeys } from '../testing/stored-keys';

const t = useRedis(async (t) => {
  await t.register('pod-g', 'gold');
  await t.register('pod-i', 'gold');
  await t.register('pod-b', 'basic');
  await t.granted('call-g', ['gold']);
  await t.granted('call-b', ['basic']);
});

// The store's own connection is given up where Redis is a replica.
let admin: Redis;
beforeEach(() => void (admin = new Redis(t.server.url)));
afterEach(() => admin.disconnect());

const config = (name: string, value: string) => admin.config('SET', name, value);
const acl = (rule: string) => admin.acl('SETUSER', 'default', rule);

const REFUSALS = {
  'out of memory': { begin: () => config('maxmemory', '1'), end: () => config('maxmemory', '0') },
  'a replica': { begin: () => admin.replicaof('127.0.0.1', 1), end: () => admin.replicaof('NO', 'ONE') },
  'without its replicas': {
    begin: () => config('min-replicas-to-write', '1'),
    end: () => config('min-replicas-to-write', '0'),
  },
  'one that forbids the first write': { begin: () => acl('-set'), end: () => acl('+set') },
} as const;
type Refusal = keyof typeof REFUSALS;

const during = async (refusal: Refusal, work: () => Promise<void>): Promise<void> => {
  await REFUSALS[refusal].begin();
  await work().finally(REFUSALS[refusal].end);
};

const OPERATIONS = {
  'allocate from gold': () => t.allocate('new', ['gold']),
  'allocate from basic': () => t.allocate('new', ['basic']),
  'release in gold': () => t.store.calls.release('call-g'),
  'release in basic': () => t.store.calls.release('call-b'),
  endCall: () => t.store.calls.endCall({ callSid: 'call-g', owners: ['api'] }),
} as const;
type Operation = keyof typeof OPERATIONS;

const ENDS: readonly Operation[] = ['release in gold', 'release in basic', 'endCall'];
const ALLOCATIONS: readonly Operation[] = ['allocate from gold', 'allocate from basic'];

describe('a Redis that refuses what a script writes first', () => {
  it.each<[Refusal, Operation]>([
    ...ALLOCATIONS.flatMap((name) => Object.keys(REFUSALS).map((refusal) => [refusal, name] as [Refusal, Operation])),
    ...ENDS.flatMap((name): [Refusal, Operation][] => [
      ['a replica', name],
      ['without its replicas', name],
    ]),
  ])('is %s: nothing is written by %s', async (refusal, name) => {
    const before = await readKeys(admin, t.prefix);
    await during(refusal, () => expect(OPERATIONS[name]()).rejects.toThrow(StoreUnavailableError));
    expect(await readKeys(admin, t.prefix)).toEqual(before);
  });

  it.each(ENDS)('and is out of memory still takes %s', async (name) => {
    await during('out of memory', async () => {
      expect(await OPERATIONS[name]()).toMatchObject({ kind: 'released' });
    });
    expect(await t.stats(name === 'release in basic' ? 'basic' : 'gold')).toMatchObject({ activeCalls: 0 });
  });
});
