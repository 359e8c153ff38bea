import { type AppProcess, type RedisProcess, sendRequest, startRedis, waitFor } from '@smart-router/testbed';
import type { Redis } from 'ioredis';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCombined } from './fleet/fleet';
import { openKeys } from './fleet/stored-keys';

const TIMEOUT_MS = 20_000;

/** A folder that is replaced as Kubernetes replaces a mounted secret: the files are links through one link. */
class MountedSecret {
  private versions = 0;

  private constructor(private readonly folder: string) {}

  static async create(files: Readonly<Record<string, string>>): Promise<MountedSecret> {
    const secret = new MountedSecret(await mkdtemp(join(tmpdir(), 'smart-router-secret-')));
    await secret.replace(files);
    for (const name of Object.keys(files)) await symlink(join('..data', name), secret.path(name));
    return secret;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async replace(files: Readonly<Record<string, string>>): Promise<void> {
    const version = `..${++this.versions}`;
    await mkdir(this.path(version));
    for (const [name, text] of Object.entries(files)) await writeFile(join(this.path(version), name), text);
    await symlink(version, this.path('..next'));
    await rename(this.path('..next'), this.path('..data'));
    await rm(this.path(`..${this.versions - 1}`), { recursive: true, force: true });
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

async function details(app: AppProcess): Promise<Record<string, Record<string, unknown>>> {
  const { body } = await sendRequest<{ details: Record<string, Record<string, unknown>> }>(
    `${app.baseUrl}/health/details`,
  );
  return body.details;
}

const messages = (app: AppProcess): unknown[] => app.logs.map((line) => line['msg']);

describe('secrets of files that are replaced', () => {
  const OLD = 'the-old-secret-of-agents';
  const NEW = 'the-new-secret-of-agents';
  let secret: MountedSecret;
  let app: AppProcess;

  beforeAll(async () => {
    secret = await MountedSecret.create({ keys: `agents:write:${OLD}`, exotel: 'the-old-exotel-token' });
    const files = { API_KEYS_FILE: secret.path('keys'), EXOTEL_WEBHOOK_TOKEN_FILE: secret.path('exotel') };
    ({ app } = await startCombined({ ...files, STATIC_PODS: '' }));
  });

  afterAll(async () => {
    await app?.kill();
    await secret?.remove();
  });

  const statusWith = async (key: string): Promise<number> => {
    const { status } = await sendRequest(`${app.baseUrl}/api/v1/pods`, { headers: { authorization: `Bearer ${key}` } });
    return status;
  };
  const statusOfWebhook = async (token: string): Promise<number> => {
    const { status } = await sendRequest(`${app.baseUrl}/api/v1/exotel/allocate?CallSid=e-1&token=${token}`);
    return status;
  };
  const statusesAre = (old: number, next: number): Promise<unknown> =>
    waitFor(async () => (await statusWith(OLD)) === old && (await statusWith(NEW)) === next, {
      timeoutMs: TIMEOUT_MS,
      description: `the old key to be answered with ${old}, the new one with ${next}`,
    });

  it('open the API with the key of the file alone', async () => {
    await statusesAre(200, 401);
  });

  it('open it with a key that is added, and close it to one that is taken away', async () => {
    await secret.replace({ keys: `agents:write:${OLD}\nnext:write:${NEW}`, exotel: 'the-old-exotel-token' });
    await statusesAre(200, 200);
    await secret.replace({ keys: `next:write:${NEW}`, exotel: 'the-old-exotel-token' });
    await statusesAre(401, 200);
  });

  it('take both tokens of a provider as long as the file has both', async () => {
    expect(await statusOfWebhook('the-new-exotel-token')).toBe(401);
    await secret.replace({ keys: `next:write:${NEW}`, exotel: 'the-new-exotel-token\nthe-old-exotel-token\n' });
    await waitFor(async () => (await statusOfWebhook('the-new-exotel-token')) === 200, {
      timeoutMs: TIMEOUT_MS,
      description: 'the new token',
    });
    expect(await statusOfWebhook('the-old-exotel-token')).toBe(200);
  });

  it('stay in force, with a warning, a metric and one line, when a file is empty', async () => {
    await secret.replace({ keys: '', exotel: 'the-new-exotel-token' });
    await waitFor(async () => (await details(app))['secret_files']?.['warnings'] !== undefined, {
      timeoutMs: TIMEOUT_MS,
      description: 'the warning',
    });
    expect((await details(app))['secret_files']).toMatchObject({
      status: 'up',
      problems: { API_KEYS: 'it is empty', EXOTEL_WEBHOOK_TOKEN: null },
      warnings: ['SECRET_FILE_REJECTED'],
    });
    expect([await statusWith(NEW), await statusWith(OLD)]).toEqual([200, 401]);
    const { text } = await sendRequest(`${app.metricsUrl}/metrics`);
    expect(text).toContain('smart_router_secret_file_rejected{variable="API_KEYS"} 1');
    expect(text).toContain('smart_router_secret_file_rejections_total{variable="API_KEYS"} 1');
    const lines = messages(app).filter((text) => text === 'secret file cannot be used, the last value stays');
    expect(lines).toHaveLength(1);
  });

  it('are never logged', () => {
    expect(JSON.stringify(app.logs)).not.toMatch(/the-(old|new)-/);
  });
});

describe('the password of Redis in a file that is replaced', () => {
  let redis: RedisProcess;
  let admin: Redis;
  let secret: MountedSecret;
  let app: AppProcess;

  const rules = (...parts: string[]): Promise<unknown> => admin.call('ACL', 'SETUSER', 'router', ...parts);
  const url = (password: string): string => redis.url.replace('//', `//router:${password}@`);

  beforeAll(async () => {
    redis = await startRedis();
    admin = openKeys(redis.url);
    await rules('on', '>old', '~*', '&*', '+@all');
    secret = await MountedSecret.create({ url: url('old') });
    const env = { REDIS_URL_FILE: secret.path('url'), STATIC_PODS: 'agent-a,agent-b,agent-c' };
    ({ app } = await startCombined(env));
  });

  afterAll(async () => {
    await app?.kill();
    admin?.disconnect();
    await redis?.stop();
    await secret?.remove();
  });

  const allocate = async (callSid: string): Promise<number> => {
    const body = JSON.stringify({ call_sid: callSid });
    const headers = { 'content-type': 'application/json' };
    return (await sendRequest(`${app.baseUrl}/api/v1/allocate`, { method: 'POST', headers, body })).status;
  };

  it('is changed under traffic without a refused call, and the old one may go', async () => {
    const statuses = new Set<number>();
    let isOver = false;
    const traffic = (async () => {
      while (!isOver) statuses.add(await allocate('call-1'));
    })();
    await rules('>new');
    await secret.replace({ url: url('new') });
    await waitFor(() => messages(app).includes('redis credentials replaced'), {
      timeoutMs: TIMEOUT_MS,
      description: 'the new password',
    });
    await rules('<old');
    isOver = true;
    await traffic;
    expect([...statuses]).toEqual([200]);
    await admin.call('CLIENT', 'KILL', 'USER', 'router');
    await waitFor(async () => (await allocate('call-2')) === 200, {
      timeoutMs: TIMEOUT_MS,
      description: 'a call on a new connection',
    });
  });

  it('is not followed to another server, which takes a restart', async () => {
    await secret.replace({ url: 'redis://router:new@elsewhere:6379' });
    await waitFor(async () => (await details(app))['secret_files']?.['warnings'] !== undefined, {
      timeoutMs: TIMEOUT_MS,
      description: 'the warning',
    });
    const reason = 'REDIS_URL names another server or database: restart the process to use it';
    expect((await details(app))['secret_files']).toMatchObject({ problems: { REDIS_URL: reason } });
    expect(await allocate('call-2')).toBe(200);
  });
});
