import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWatched } from './load-settings';
import type { SecretFileObserver, WatchedSecrets } from './watched-secrets';

const OLD = 'agents:write:the-old-secret-1';
const NEW = 'agents-2:write:the-new-secret-2';

let folder: string;
let events: string[];

const observer: SecretFileObserver = {
  changed: ({ name }) => events.push(`${name} changed`),
  rejected: ({ name }, reason) => events.push(`${name} rejected: ${reason}`),
  recovered: ({ name }) => events.push(`${name} recovered`),
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  events = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);

async function watch(texts: Record<string, string>, env: Record<string, string> = {}): Promise<WatchedSecrets> {
  for (const [name, text] of Object.entries(texts)) await writeFile(inFolder(name), text);
  const files = Object.fromEntries(Object.keys(texts).map((name) => [`${name}_FILE`, inFolder(name)]));
  return loadWatched({ ...env, ...files }, 'smart-router').secrets;
}

async function look(secrets: WatchedSecrets, times = 2): Promise<void> {
  for (let time = 0; time < times; time++) await secrets.poll(observer);
}

const names = (secrets: WatchedSecrets): string => secrets.current.apiKeys.map(({ name }) => name).join();

describe('a file of API keys', () => {
  it('is in force when another content was read twice in a row', async () => {
    const secrets = await watch({ API_KEYS: OLD });
    let changes = 0;
    secrets.onChange(() => changes++);
    await writeFile(inFolder('API_KEYS'), `${OLD}\n${NEW}\n`);
    await look(secrets, 1);
    expect(names(secrets)).toBe('agents');
    await look(secrets, 1);
    expect(names(secrets)).toBe('agents,agents-2');
    await writeFile(inFolder('API_KEYS'), NEW);
    await look(secrets);
    expect(names(secrets)).toBe('agents-2');
    await look(secrets, 5);
    expect(changes).toBe(2);
    expect(events).toEqual(['API_KEYS changed', 'API_KEYS changed']);
  });

  it('is not in force while it is still being written', async () => {
    const secrets = await watch({ API_KEYS: OLD });
    for (const text of [`${OLD},`, `${OLD},${NEW},`, `${OLD},${NEW}`]) {
      await writeFile(inFolder('API_KEYS'), text);
      await look(secrets, 1);
      expect(names(secrets)).toBe('agents');
    }
    await look(secrets, 1);
    expect(names(secrets)).toBe('agents,agents-2');
  });

  it('is followed when a mounted secret is replaced by another link', async () => {
    for (const [version, text] of [
      ['..1', OLD],
      ['..2', NEW],
    ] as const) {
      await mkdir(inFolder(version));
      await writeFile(join(inFolder(version), 'keys'), text);
    }
    await symlink('..1', inFolder('..data'));
    await symlink(join('..data', 'keys'), inFolder('keys'));
    const { secrets } = loadWatched({ API_KEYS_FILE: inFolder('keys') }, 'smart-router');
    await symlink('..2', inFolder('..next'));
    await rename(inFolder('..next'), inFolder('..data'));
    await rm(inFolder('..1'), { recursive: true });
    await look(secrets);
    expect(names(secrets)).toBe('agents-2');
  });

  it.each([
    ['', 'it is empty'],
    ['\n \n', 'it is empty'],
    ['agents:write:short', expect.stringMatching(/^API_KEYS must be entries /)],
    [`${OLD},oops`, expect.stringMatching(/^API_KEYS must be entries /)],
  ])('leaves the last keys in force, and reports it once, when it holds %j', async (text, reason) => {
    const secrets = await watch({ API_KEYS: OLD });
    await writeFile(inFolder('API_KEYS'), text);
    await look(secrets, 10);
    expect(names(secrets)).toBe('agents');
    expect(secrets.problems).toEqual({ API_KEYS: reason });
    expect(events).toHaveLength(1);
    await writeFile(inFolder('API_KEYS'), OLD);
    await look(secrets, 10);
    expect(secrets.problems).toEqual({ API_KEYS: null });
    expect(events.slice(1)).toEqual(['API_KEYS recovered']);
  });

  it('leaves the last keys in force, and reports it once, when it is not readable', async () => {
    const secrets = await watch({ API_KEYS: OLD });
    await rm(inFolder('API_KEYS'));
    await look(secrets, 10);
    expect(names(secrets)).toBe('agents');
    expect(secrets.problems).toEqual({ API_KEYS: 'it is not readable (ENOENT)' });
    await writeFile(inFolder('API_KEYS'), NEW);
    await look(secrets);
    expect(names(secrets)).toBe('agents-2');
    expect(events).toEqual(['API_KEYS rejected: it is not readable (ENOENT)', 'API_KEYS changed']);
  });

  it('is reported again when it is wrong in another way', async () => {
    const secrets = await watch({ API_KEYS: OLD });
    await writeFile(inFolder('API_KEYS'), '');
    await look(secrets, 5);
    await rm(inFolder('API_KEYS'));
    await look(secrets, 5);
    expect(events).toEqual(['API_KEYS rejected: it is empty', 'API_KEYS rejected: it is not readable (ENOENT)']);
  });

  it('puts no secret into a reason', async () => {
    const secrets = await watch({ API_KEYS: OLD });
    await writeFile(inFolder('API_KEYS'), `${NEW}:the-leaked-secret`);
    await look(secrets);
    expect(JSON.stringify([events, secrets.problems])).not.toContain('secret-2');
    expect(JSON.stringify([events, secrets.problems])).not.toContain('leaked');
  });
});

describe('a file with the URL of Redis', () => {
  const REDIS = { STATIC_PODS: 'pod-0' };

  it('is in force when user or password change', async () => {
    const secrets = await watch({ REDIS_URL: 'redis://u:old@redis:6379/2' }, REDIS);
    await writeFile(inFolder('REDIS_URL'), 'redis://v:new@redis:6379/2');
    await look(secrets);
    expect(secrets.current.redis?.url).toBe('redis://v:new@redis:6379/2');
  });

  it.each([
    'redis://u:new@other:6379/2',
    'redis://u:new@redis:6380/2',
    'redis://u:new@redis:6379/3',
    'rediss://u:new@redis:6379/2',
  ])('is refused when it is %s, since that takes a restart', async (url) => {
    const secrets = await watch({ REDIS_URL: 'redis://u:old@redis:6379/2' }, REDIS);
    await writeFile(inFolder('REDIS_URL'), url);
    await look(secrets, 5);
    expect(secrets.current.redis?.url).toBe('redis://u:old@redis:6379/2');
    const reason = 'REDIS_URL names another server or database: restart the process to use it';
    expect(events).toEqual([`REDIS_URL rejected: ${reason}`]);
  });
});

it('follows each of several files by itself', async () => {
  const secrets = await watch(
    {
      TWILIO_AUTH_TOKEN: 'twilio-1',
      PLIVO_AUTH_TOKEN: 'plivo-1',
      EXOTEL_WEBHOOK_TOKEN: 'exotel-token-one',
    },
    { VOICE_AGENT_BASE_URL: 'wss://voice' },
  );
  await writeFile(inFolder('TWILIO_AUTH_TOKEN'), 'twilio-2,twilio-1');
  await writeFile(inFolder('PLIVO_AUTH_TOKEN'), '');
  await writeFile(inFolder('EXOTEL_WEBHOOK_TOKEN'), 'exotel-token-two\nexotel-token-one\n');
  await look(secrets);
  expect(secrets.current).toMatchObject({
    twilioAuthTokens: ['twilio-2', 'twilio-1'],
    plivoAuthTokens: ['plivo-1'],
    exotelTokens: ['exotel-token-two', 'exotel-token-one'],
  });
});

it('looks at nothing when no secret comes from a file', async () => {
  const { secrets, settings } = loadWatched({ API_KEYS: OLD }, 'smart-router');
  await look(secrets);
  expect([secrets.files, events]).toEqual([[], []]);
  expect(secrets.current.apiKeys).toBe(settings.access.apiKeys);
});
