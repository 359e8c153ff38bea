import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type AppProcess, poolTotals, type RedisProcess, startApp, startRedis, waitFor } from '@smart-router/testbed';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../../..');
const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');

/** What Docker sends to the build: the names that the file lets in, without what its last lines leave out wherever it is. */
function copyContext(folder: string): void {
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const left = lines.filter((line) => line.startsWith('**/')).map((line) => line.slice(3));
  const isLeft = (path: string): boolean =>
    left.some((pattern) => (pattern.startsWith('*') ? path.endsWith(pattern.slice(1)) : path.endsWith(`/${pattern}`)));
  for (const each of kept) {
    const filter = (path: string): boolean => !isLeft(`/${relative(ROOT, path)}`);
    cpSync(join(ROOT, each), join(folder, each), { recursive: true, filter });
  }
}

describe('the build stage of the Dockerfile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'build-context-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has all that it needs in its context, and no tests', () => {
    copyContext(folder);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: folder, stdio: 'pipe' });
    // It has all that the API and the worker have.
    run('tools/build/bundle.mjs', 'apps/smart-router');
    run('tools/build/bundle-command-line.mjs', 'apps/srctl');
    run('tools/build/bundle.mjs', 'tools/demo/src/agent/main.ts', '--outdir', 'dist/agent');
    const env = { ...process.env, NX_DAEMON: 'false' };
    const nx = ['node_modules/.bin/nx', 'show', 'projects', '--with-target', 'build'];
    const projects = execFileSync(process.execPath, nx, { cwd: folder, env, encoding: 'utf8' });
    expect(projects.trim().split('\n').sort()).toEqual(['api', 'leader-worker', 'smart-router', 'srctl']);
    expect(['image/stage.mjs', 'image/health.mjs'].filter((each) => !existsSync(join(folder, 'tools', each)))).toEqual(
      [],
    );
    expect(globSync('{apps,libs,tools}/**/*.{spec,int-spec,e2e-spec}.ts', { cwd: folder })).toEqual([]);
  });
});

describe('the settings of compose.yaml', () => {
  type Environment = Readonly<Record<string, string>>;
  const { services } = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'), { merge: true }) as {
    services: Readonly<Record<'api' | 'worker', { readonly environment: Environment }>>;
  };
  let redis: RedisProcess;
  const apps: AppProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.kill()));
    await redis.stop();
  });

  it('start an API and a worker that give a call to one of the five agents, through the voice router', async () => {
    const here = { REDIS_URL: redis.url, HTTP_HOST: '127.0.0.1' };
    const api = await startApp('api', { ...services.api.environment, ...here });
    apps.push(api, await startApp('leader-worker', { ...services.worker.environment, ...here }));
    await waitFor(async () => (await poolTotals(api.api)).assigned === 5, { description: 'five pods' });
    const { body } = await api.api.allocate('CA-1');
    expect(body.ws_url).toMatch(/^ws:\/\/localhost:8080\/ws\/pod\/voice-agent-[0-4]\/CA-1$/);
  });
});
