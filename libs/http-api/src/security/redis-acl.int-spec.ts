import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE, RoutingStoreModule } from '@smart-router/routing-store/nest';
import {
  agedEndMark,
  describeRoutingStoreContract,
  type StoreHarness,
  TEST_TIMINGS,
} from '@smart-router/routing-store/testing';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager } from '@smart-router/startup/nest';
import { PATIENT_LIMITS, type RedisProcess, startRedis } from '@smart-router/testbed';
import { Redis } from 'ioredis';
import { startTestApi } from '../testing/test-api';

const DOC = readFileSync(join(__dirname, '../../../../docs/security.md'), 'utf8');
const PASSWORD = 'acl-password';

/** The line of the ACL file as operators copy it, with a password. */
function documentedRule(): string {
  const [rule = ''] = /^user smart-router .*$/m.exec(DOC) ?? [];
  return rule.replace('<password>', PASSWORD);
}

let folder: string;
let redis: RedisProcess;
let admin: Redis;
let url: string;
let stores = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smart-router-acl-'));
  const aclFile = join(folder, 'users.acl');
  await writeFile(aclFile, `${documentedRule()}\n`);
  redis = await startRedis({ args: ['--aclfile', aclFile] });
  admin = new Redis(redis.url);
  url = redis.url.replace('//', `//smart-router:${PASSWORD}@`);
});
afterAll(async () => {
  admin?.disconnect();
  await redis?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A store as applications open it, under a prefix of its own below the documented one. */
async function openStore(): Promise<StoreHarness> {
  const prefix = `voice:${++stores}:`;
  const { leaseMs, callInfoMs, drainMs, endedCallMs, failoverHoldMs } = TEST_TIMINGS;
  const env = {
    REDIS_URL: url,
    REDIS_KEY_PREFIX: prefix,
    STATIC_PODS: 'unused',
    LOG_LEVEL: 'fatal',
    ...PATIENT_LIMITS,
    LEASE_TTL: `${leaseMs}ms`,
    CALL_INFO_TTL: `${callInfoMs}ms`,
    DRAINING_TTL: `${drainMs}ms`,
    ENDED_CALL_TTL: `${endedCallMs}ms`,
    REDIS_FAILOVER_HOLD: `${failoverHoldMs}ms`,
  };
  activateSettings(loadSettings(env, 'smart-router'));
  const module = await Test.createTestingModule({ imports: [RoutingStoreModule] }).compile();
  const store = module.get<RoutingStore>(ROUTING_STORE);
  await module.get(StartupManager, { strict: false }).start();
  return { store, advance: (ms) => age(prefix, ms), close: () => module.close() };
}

/** Brings all that runs out nearer, as an administrator: the clock of Redis cannot be moved. */
async function age(prefix: string, ms: number): Promise<void> {
  for (const key of await admin.keys(`${prefix}*`)) {
    const remaining = await admin.pttl(key);
    if (remaining > ms) await admin.pexpire(key, remaining - ms);
    else if (remaining > 0) await admin.del(key);
    const mark = key.startsWith(`${prefix}ended:`) && (await admin.get(key));
    if (mark) await admin.set(key, agedEndMark(mark, ms), 'KEEPTTL');
  }
  for (const index of [`${prefix}calls:expiry`, `${prefix}pods:draining`]) {
    for (const member of await admin.zrange(index, 0, '-1')) await admin.zincrby(index, -ms, member);
  }
}

describeRoutingStoreContract('Redis with the documented user', openStore);

describe('the documented user', () => {
  it('is enough for the API', async () => {
    const api = await startTestApi({ ...PATIENT_LIMITS, REDIS_URL: url, STATIC_PODS: 'unused' });
    const answers = [
      await api.post('/api/v1/allocate', { call_sid: 'acl-1' }),
      await api.get('/api/v1/calls'),
      await api.get('/api/v1/pods'),
      await api.put('/api/v1/merchants/m-1', { tier: 'gold' }),
      await api.get('/api/v1/merchants'),
      await api.get('/api/v1/merchants/m-1/versions'),
      await api.get('/api/v1/audit'),
      await api.get('/api/v1/tier-config/versions'),
      await api.get('/api/v1/status'),
      await api.get('/ready'),
      await api.post('/api/v1/release', { call_sid: 'acl-1' }),
    ];
    await api.close();
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  it('is enough for the audit', async () => {
    const prefix = `voice:${++stores}:`;
    const own = { REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
    const env = { ...PATIENT_LIMITS, ...own, STATIC_PODS: 'unused', AUDIT_LENGTH: '10' };
    const api = await startTestApi(env);
    await api.post('/api/v1/allocate', { call_sid: 'acl-1' });
    await api.close();
    expect(await admin.xrevrange(`${prefix}audit`, '+', '-', 'COUNT', 1)).toHaveLength(1);
  });

  it('can be set by the words of the line, too', async () => {
    const [, ...words] = documentedRule().split(' ');
    expect(await admin.call('ACL', 'SETUSER', ...words)).toBe('OK');
    const client = new Redis(url);
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  it.each([
    ['keys', '*'],
    ['flushall'],
    ['flushdb'],
    ['config', 'set', 'maxmemory', '1'],
    ['config', 'get', '*'],
    ['debug', 'sleep', '0'],
    ['shutdown'],
    ['acl', 'list'],
    ['client', 'kill', 'type', 'normal'],
    ['monitor'],
    ['script', 'flush'],
    ['get', 'other:key'],
    ['set', 'other:key', '1'],
    ['publish', 'other', '1'],
    ['eval', 'return redis.call("get", "other:key")', '0'],
    ['eval', 'return redis.call("flushall")', '0'],
  ])('may not %s %s', async (command, ...args) => {
    const client = new Redis(url);
    await expect(client.call(command, ...args)).rejects.toThrow(/NOPERM|No permissions|not allowed|can't/i);
    client.disconnect();
  });
});
