import type { Redis } from 'ioredis';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';
import { openKeys } from './fleet/stored-keys';

interface Entry {
  readonly action: string;
  readonly actor: string;
  readonly subject: string | null;
  readonly version: number | null;
  readonly before: string | null;
  readonly after: string | null;
}

describe('changes of the configuration by several operators', () => {
  let fleet: DistributedFleet;
  let redis: Redis;

  beforeAll(async () => {
    fleet = await startDistributedFleet();
    redis = openKeys(fleet.redis.url);
  });

  afterAll(async () => {
    redis?.disconnect();
    await fleet?.stop();
  });

  const send = (replica: 'first' | 'second', method: string, path: string, body?: object, headers: object = {}) =>
    fetch(`${fleet[replica].baseUrl}/api/v1${path}`, {
      method,
      headers: { ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  const read = async (path: string) => {
    const answer = await send('second', 'GET', path);
    return { etag: answer.headers.get('etag') ?? '', body: (await answer.json()) as Record<string, unknown> };
  };

  const audit = async (query: string) => (await read(`/audit${query}`)).body['items'] as readonly Entry[];

  it('are made by one of those who saw the same state, whichever replica they ask', async () => {
    await send('first', 'PUT', '/merchants/acme', { tier: 'gold' });
    for (const [path, body] of [
      ['/merchants/acme', (n: number) => ({ fallback: n % 2 === 0 ? ['gold'] : ['standard'] })],
      ['/tier-config', (n: number) => ({ tiers: { gold: { target: n }, standard: { target: 1 } } })],
    ] as const) {
      const { etag, body: before } = await read(path);
      const answers = await Promise.all(
        [1, 2, 3, 4].map((n) => send(n > 2 ? 'first' : 'second', 'PUT', path, body(n), { 'if-match': etag })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
      expect((await read(path)).body['version']).toBe(Number(before['version']) + 1);
    }
  });

  it('are shown with their authors by every replica, each once', async () => {
    await send('first', 'PUT', '/merchants/globex', { tier: 'gold' });
    await send('second', 'DELETE', '/merchants/globex');
    await send('first', 'POST', '/merchants/globex/rollback', { to_version: 1, version: 2 });
    const common = { actor: 'open', subject: 'globex' };
    expect(await audit('?subject=globex')).toMatchObject([
      { ...common, action: 'merchant.rollback', version: 3, before: null, after: '{"tier":"gold"}' },
      { ...common, action: 'merchant.delete', version: 2, before: '{"tier":"gold"}', after: null },
      { ...common, action: 'merchant.put', version: 1, before: null, after: '{"tier":"gold"}' },
    ]);
    expect(await audit('?action=tier_config.seed')).toHaveLength(1);
  });

  it('keep what was changed by hand as a version', async () => {
    await send('first', 'PUT', '/merchants/initech', { tier: 'gold' });
    const { etag } = await read('/merchants/initech');
    await redis.hset('voice:merchant:config', 'initech', '{"tier":"standard"}');
    const stale = await send('first', 'PUT', '/merchants/initech', { fallback: [] }, { 'if-match': etag });
    expect(stale.status).toBe(412);
    await send('first', 'PUT', '/merchants/initech', { fallback: [] });
    expect((await read('/merchants/initech/versions')).body['items']).toMatchObject([
      { version: 3, config: { fallback: [] } },
      { version: 2, config: { tier: 'standard' }, updated_at: null },
      { version: 1, config: { tier: 'gold' } },
    ]);
  });

  it('are not made where their record cannot be written', async () => {
    await redis.rename('voice:changes', 'voice:changes:kept');
    await redis.set('voice:changes', 'of another program');
    const refused = [
      await send('first', 'PUT', '/merchants/umbrella', { tier: 'gold' }),
      await send('first', 'PUT', '/tier-config', { version: (await read('/tier-config')).body['version'], gold: 7 }),
      await send('first', 'POST', '/drain', { pod_name: 'voice-agent-0' }),
    ];
    await redis.rename('voice:changes:kept', 'voice:changes');
    const codes = await Promise.all(refused.map(async (answer) => ((await answer.json()) as { code: string }).code));
    expect(codes).toEqual(Array(3).fill('STORE_DAMAGED'));
    expect((await send('first', 'GET', '/merchants/umbrella')).status).toBe(404);
    expect((await read('/pod/voice-agent-0')).body['is_draining']).toBe(false);
    expect((await read('/tier-config')).body['tiers']).not.toMatchObject({ gold: { target: 7 } });
  });
});
