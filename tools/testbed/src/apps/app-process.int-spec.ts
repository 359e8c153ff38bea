import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppProcess, runToExit, startApp } from './app-process';
import { isAlive } from '../processes/process-liveness';

const SERVES = `
  const { createServer } = require('node:http');
  const servers = [1, 2].map(() => createServer((_, response) => response.end(JSON.stringify(process.env))));
  let listening = 0;
  const say = (fields) => console.log(JSON.stringify(fields));
  for (const [index, server] of servers.entries()) {
    server.listen(Number([process.env.HTTP_PORT, process.env.METRICS_PORT][index]), '127.0.0.1', () => {
      if (++listening < 2) return;
      const [http, metrics] = servers.map((one) => one.address().port);
      say({ msg: 'ready', http_port: http, metrics_port: metrics });
    });
  }
  process.on('SIGTERM', () => { say({ msg: 'bye' }); process.exit(0); });
`;

/** A workspace with one built app, so that the test does not depend on a build of the real ones. */
async function workspaceWithApi(main: string): Promise<string> {
  const workspace = await mkdtemp(join(tmpdir(), 'smart-router-workspace-'));
  await mkdir(join(workspace, 'dist/apps/api'), { recursive: true });
  await mkdir(join(workspace, 'node_modules/.bin'), { recursive: true });
  await writeFile(join(workspace, 'nx.json'), '{}');
  await writeFile(join(workspace, 'dist/apps/api/main.js'), main);
  await symlink(process.execPath, join(workspace, 'node_modules/.bin/node'));
  return workspace;
}

describe('an app process', () => {
  const home = process.cwd();
  const folders: string[] = [];
  let app: AppProcess | null = null;

  const enterWorkspace = async (main: string): Promise<void> => {
    const folder = await workspaceWithApi(main);
    folders.push(folder);
    process.chdir(folder);
  };

  afterEach(async () => {
    await app?.kill();
    app = null;
    process.chdir(home);
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  it('serves under both URLs when the start has resolved', async () => {
    await enterWorkspace(SERVES);

    app = await startApp('api', {});

    expect((await fetch(app.baseUrl)).status).toBe(200);
    expect((await fetch(app.metricsUrl)).status).toBe(200);
    expect(app.metricsUrl).not.toBe(app.baseUrl);
  });

  it('knows only the given environment, the path and the ports', async () => {
    await enterWorkspace(SERVES);
    app = await startApp('api', { LOG_LEVEL: 'info' });

    const env = (await (await fetch(app.baseUrl)).json()) as Record<string, string>;

    expect(Object.keys(env).sort()).toEqual(['HTTP_PORT', 'LOG_LEVEL', 'METRICS_PORT', 'PATH']);
  });

  it('returns the exit code and keeps the last words when it is stopped', async () => {
    await enterWorkspace(SERVES);
    app = await startApp('api', {});

    await expect(app.stop()).resolves.toEqual({ code: 0, signal: null });
    expect(app.logs.map((line) => line['msg'])).toEqual(['ready', 'bye']);
    expect(isAlive(app.pid)).toBe(false);
  });

  it('throws with the output when it ends before it serves', async () => {
    await enterWorkspace('console.error("REDIS_URL is not a URL"); process.exit(1)');

    await expect(startApp('api', {})).rejects.toThrow(/ended with code 1\nREDIS_URL is not a URL/);
  });

  it('throws when it was not built', async () => {
    await enterWorkspace(SERVES);

    await expect(startApp('leader-worker', {})).rejects.toThrow('build leader-worker first');
  });

  it('returns code and logs when it ends by itself', async () => {
    await enterWorkspace('console.log(JSON.stringify({ msg: "bad settings" })); process.exit(1)');

    const finished = await runToExit('api', {});

    expect(finished).toMatchObject({ code: 1, signal: null, logs: [{ msg: 'bad settings' }] });
  });

  it('throws when it was expected to end and keeps running', async () => {
    await enterWorkspace(SERVES);

    await expect(runToExit('api', {}, 100)).rejects.toThrow('waiting for api to end by itself');
  });
});
