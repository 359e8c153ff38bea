import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Circumstances, StartupScenario } from './startup-scenario';

const SECRET = 'canary-secret-9';
/** Also for root: modes of files and low ports hold for a process without capabilities. */
const WITHOUT_PRIVILEGES = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];

describe('a start with wrong configuration or secrets', () => {
  let app: StartupScenario | null = null;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'smart-router-startup-'));
  });

  afterEach(() => app?.process.kill());

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function ends(circumstances: Circumstances): Promise<string> {
    app = await StartupScenario.of(circumstances);
    expect(await app.ended()).toEqual({ code: 1, signal: null });
    expect(app.text).not.toContain(SECRET);
    expect(app.text).not.toContain('    at ');
    return app.text;
  }

  it('names the variable that is missing', async () => {
    expect(await ends({ app: 'api' })).toContain('REDIS_URL is required by api');
  });

  it('names every variable that is invalid, at once', async () => {
    const env = { HTTP_PORT: 'web', LEASE_TTL: 'long', REDIS_URL: `http://:${SECRET}@redis` };
    const text = await ends({ env });
    for (const variable of Object.keys(env)) expect(text).toContain(`${variable} must `);
  });

  it('names the secret file that is not there, and its variable', async () => {
    const file = join(folder, 'missing');
    expect(await ends({ env: { TWILIO_AUTH_TOKEN_FILE: file } })).toContain(
      `TWILIO_AUTH_TOKEN_FILE must name a readable file, but ${file} is not (ENOENT)`,
    );
  });

  it('names the secret file that it may not read', async () => {
    const file = join(folder, 'locked');
    await writeFile(file, SECRET);
    await chmod(file, 0o000);
    expect(await ends({ env: { TWILIO_AUTH_TOKEN_FILE: file }, under: WITHOUT_PRIVILEGES })).toContain(
      `TWILIO_AUTH_TOKEN_FILE must name a readable file, but ${file} is not (EACCES)`,
    );
  });

  it('names both sides of a contradiction', async () => {
    const file = join(folder, 'token');
    await writeFile(file, SECRET);
    const env = { TWILIO_AUTH_TOKEN: SECRET, TWILIO_AUTH_TOKEN_FILE: file };
    expect(await ends({ env })).toContain('TWILIO_AUTH_TOKEN and TWILIO_AUTH_TOKEN_FILE exclude each other');
  });
});
