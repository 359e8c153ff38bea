import { type ApiClient, type AppProcess, type RedisProcess, startRedis, waitFor } from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCombined } from './fleet/fleet';
import { lastingKeysOf, openKeys } from './fleet/stored-keys';

describe('pods that a file names', () => {
  let folder: string;
  let redis: RedisProcess;
  let keys: Redis;
  let app: AppProcess;
  let api: ApiClient;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'smart-router-pods-'));
    redis = await startRedis();
    keys = openKeys(redis.url);
    await writeNames('agent-a', '# spare', '', 'agent-b  # the second');
    const env = { STATIC_PODS: '', STATIC_PODS_FILE: join(folder, 'pods'), REDIS_URL: redis.url };
    ({ app, api } = await startCombined(env));
  });

  afterAll(async () => {
    await app?.kill();
    keys?.disconnect();
    await redis?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Replaces the file as mounted configuration is replaced: by another one of the same name. */
  const writeNames = async (...lines: string[]): Promise<void> => {
    await writeFile(join(folder, 'next'), `${lines.join('\n')}\n`);
    await rename(join(folder, 'next'), join(folder, 'pods'));
  };

  const podsAre = (...names: string[]): Promise<unknown> =>
    waitFor(async () => (await api.pods()).body.pods.map(({ pod_name }) => pod_name).join() === names.join(), {
      timeoutMs: 20_000,
      description: `the pods to be ${names.join()}`,
    });

  it('are there when the process is ready', async () => {
    const { pods } = (await api.pods()).body;
    expect(pods.map(({ pod_name }) => pod_name)).toEqual(['agent-a', 'agent-b']);
  });

  it('come when the file names more', async () => {
    await writeNames('agent-a', 'agent-b', 'agent-c');
    await podsAre('agent-a', 'agent-b', 'agent-c');
    expect((await api.pod('agent-c')).body).toMatchObject({ status: 'available', tier: 'basic' });
  });

  it('go with their calls, and leave no key behind, when the file does not name them any longer', async () => {
    await api.putMerchant('acme', { tier: 'basic' });
    expect((await api.allocated('going-1', 'acme')).pod_name).toBe('agent-c');
    await writeNames('agent-a', 'agent-b');
    await podsAre('agent-a', 'agent-b');
    expect((await api.call('going-1')).body).toMatchObject({ status: 'ended', reason: 'pod_removed' });
    expect((await api.release('going-1')).status).toBe(404);
    expect(await lastingKeysOf(keys, 'agent-c', 'going-1')).toEqual([]);
    expect((await api.status()).body.active_calls).toBe(0);
  });

  it('stay when the file is gone', async () => {
    await rm(join(folder, 'pods'));
    await waitFor(() => app.logs.some(({ level, file }) => level === 'warn' && file === join(folder, 'pods')), {
      timeoutMs: 20_000,
      description: 'a warning about the file',
    });
    await api.reconcile();
    expect((await api.pods()).body.pods).toHaveLength(2);
    expect((await api.allocate({ call_sid: 'staying-1' })).status).toBe(200);
  });
});
