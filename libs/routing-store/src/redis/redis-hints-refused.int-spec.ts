import { TIER_CONFIG_PUT } from '../testing/configuration';
import { openRedis } from '@smart-router/redis';
import { systemClock } from '@smart-router/scheduling';
import { askRedis, type RedisProcess, startRedis } from '@smart-router/testbed';
import { StoreUnavailableError } from '../domain/errors';
import { NOOP_OBSERVER } from '../domain/store-observer';
import { PATIENT_LIMITS } from '../testing/redis-harness';
import { TEST_TIMINGS } from '../testing/store-harness';
import { RedisRoutingStore } from './redis-routing-store';

const SILENT = { info: () => undefined, warn: () => undefined };

let redis: RedisProcess;
let store: RedisRoutingStore;
let observed: string[];
const ask = (command: string) => askRedis(redis.port, command);

/** A store of a user that has these rights. */
async function openAs(...rules: string[]): Promise<void> {
  await ask(`ACL SETUSER limited reset on >secret ~voice:* ${rules.join(' ')}`);
  const url = redis.url.replace('//', '//limited:secret@');
  const observer = {
    ...NOOP_OBSERVER,
    hintRefused: (reason: string) => observed.push(`refused: ${reason}`),
    hintSent: () => observed.push('sent'),
  };
  const watch = { clock: systemClock, random: Math.random, required: null, newMark: () => 'ours' };
  const connection = openRedis({ url, ...PATIENT_LIMITS, logger: SILENT });
  store = new RedisRoutingStore(connection, { keyPrefix: 'voice:', timings: TEST_TIMINGS, observer, watch });
  await store.connect();
}

beforeEach(async () => {
  observed = [];
  redis = await startRedis();
});
afterEach(async () => {
  await store?.close();
  await redis.kill();
});

describe('a user without permission for channels', () => {
  it('changes the tier config all the same, and the refused announcement is reported', async () => {
    await openAs('+@all', 'resetchannels');
    expect(await store.documents.replaceTierConfig(null, 'one', 1, TIER_CONFIG_PUT)).toBe(true);
    expect(await store.documents.readTierConfig()).toEqual({ text: 'one', lastVersion: 1 });
    expect(observed).toEqual([expect.stringMatching(/^refused: .*can't publish/)]);
    expect(store.warnings()).toContain('HINTS_REFUSED');
  });

  it('is not reported any more once it may announce changes', async () => {
    await openAs('+@all', 'resetchannels');
    await store.documents.replaceTierConfig(null, 'one', 1, TIER_CONFIG_PUT);
    await ask('ACL SETUSER limited &voice:*');
    await store.documents.replaceTierConfig('one', 'two', 2, TIER_CONFIG_PUT);
    expect(observed.at(-1)).toBe('sent');
    expect(store.warnings()).not.toContain('HINTS_REFUSED');
  });

  it('gets no report of an announcement when nothing was changed', async () => {
    await openAs('+@all', 'resetchannels');
    expect(await store.documents.replaceTierConfig('other', 'one', 1, TIER_CONFIG_PUT)).toBe(false);
    expect(observed).toEqual([]);
  });
});

describe('a user without permission for a command of the change itself', () => {
  it.each(['ltrim', 'lpush', 'set'])('puts no tier config in force when it lacks %s', async (command) => {
    await openAs('+@all', 'allchannels');
    await store.documents.replaceTierConfig(null, 'one', 1, TIER_CONFIG_PUT);
    await ask(`ACL SETUSER limited -${command}`);
    const failure: unknown = await store.documents
      .replaceTierConfig('one', 'two', 2, TIER_CONFIG_PUT)
      .catch((error: unknown) => error);
    await ask(`ACL SETUSER limited +${command}`);
    expect(failure).toBeInstanceOf(StoreUnavailableError);
    expect(String((failure as Error).cause)).toMatch(/NOPERM|can't run this command|permissions/);
    expect((await store.documents.readTierConfig()).text).toBe('one');
  });
});
