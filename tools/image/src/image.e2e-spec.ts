import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type RedisProcess, sendRequest, startRedis, type TestProcess, waitFor } from '@smart-router/testbed';
import { BuiltImage, whyNoImages } from './built-image';

const reason = whyNoImages();
const APPS = ['api', 'leader-worker', 'smart-router'];
const { version } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as { version: string };

if (reason !== null) it.skip(`the image is neither built nor run: ${reason}`, () => undefined);

(reason === null ? describe : describe.skip)('the image', () => {
  let image: BuiltImage;
  let redis: RedisProcess;
  const running: TestProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    image = BuiltImage.build();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.kill()));
  });

  afterAll(async () => {
    image?.remove();
    await redis?.stop();
  });

  async function started(app: string, env: Readonly<Record<string, string>> = {}) {
    const port = await freePort();
    const ports = { HTTP_PORT: `${port}`, METRICS_PORT: '0', HTTP_HOST: '127.0.0.1', SHUTDOWN_DELAY: '0s' };
    const store: Readonly<Record<string, string>> =
      app === 'smart-router' ? {} : { REDIS_URL: redis.url, STATIC_PODS: 'voice-agent-0' };
    const variables: Readonly<Record<string, string>> = { ...ports, ...store, ALLOW_OPEN_API: 'true', ...env };
    const child = image.start([`/app/${app}/main.js`], variables);
    running.push(child);
    const isReady = () => child.output.some((line) => line.includes('"msg":"ready"'));
    await waitFor(() => isReady() || child.exit !== null, { description: `${app} to be ready`, timeoutMs: 120_000 });
    if (!isReady()) throw new Error(`${app} ended: ${child.tail()}`);
    return { child, port, variables };
  }

  /** What a command in the image wrote, and how it ended. */
  async function run(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = image.execute(command, env);
    const { code } = await child.exited;
    return { code, output: child.output };
  }

  const node = (script: string) => run([...image.config.Entrypoint, '-e', script]);

  it('says what it is, who runs it and how', () => {
    expect(image.config).toMatchObject({
      User: '65532:65532',
      StopSignal: 'SIGTERM',
      Entrypoint: ['/usr/local/bin/node'],
      Cmd: ['/app/smart-router/main.js'],
      ExposedPorts: { '8080/tcp': {}, '9090/tcp': {} },
      Labels: {
        'org.opencontainers.image.title': 'Smart Router',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}$|^unknown$/),
      },
    });
    expect(image.config.Env).toContain('NODE_ENV=production');
  });

  it.each(APPS)('runs %s as a user without any privilege, until it is asked to end', async (app) => {
    const { child, port } = await started(app);
    expect(await sendRequest(`http://127.0.0.1:${port}/health`)).toMatchObject({ status: 200 });
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t65532\t65532\t65532\t65532$/m);
    expect(status).toMatch(/^Gid:\t65532\t65532\t65532\t65532$/m);
    expect(status).toMatch(/^CapEff:\t0{16}$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(await child.terminate(40_000)).toEqual({ code: 0, signal: null });
  });

  it('gives calls their pods', async () => {
    const { port } = await started('smart-router');
    const body = '{"call_sid":"CA-1"}';
    const answer = await sendRequest(`http://127.0.0.1:${port}/api/v1/allocate`, { method: 'POST', body });
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
  });

  it('starts with the code that was compiled when it was built', async () => {
    const { child } = await started('smart-router', { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
    const read = child.output.filter((line) => /reading cache .*app\.js/.test(line));
    expect(read).toEqual([expect.stringContaining('success')]);
    expect(child.output.join('\n')).toMatch(/V8 code cache for ESM file:\/\/\/app\/smart-router\/app\.js was accepted/);
  });

  it('knows by its health check whether it lives', async () => {
    const { Test } = image.config.Healthcheck;
    expect(Test[0]).toBe('CMD');
    const { child, variables } = await started('smart-router');
    expect(await run(Test.slice(1), variables)).toMatchObject({ code: 0 });
    await child.kill();
    expect(await run(Test.slice(1), variables)).toMatchObject({ code: 1 });
  });

  it('has the command line', async () => {
    const help = await run([...image.config.Entrypoint, '/app/srctl.mjs', '--help']);
    expect(help).toMatchObject({ code: 0 });
    expect(help.output.join('\n')).toContain('srctl');
  });

  it('can write nothing', async () => {
    const { output } = await node(`
      for (const file of ['/x', '/app/x', '/app/smart-router/x', '/tmp/x', '/app/smart-router/compile-cache/x']) {
        try { require('node:fs').writeFileSync(file, ''); console.log(file); } catch ({ code }) { console.log(code); }
      }`);
    expect(new Set(output)).toEqual(new Set(['EROFS']));
  });

  it('holds nothing that its own user may change, were the root writable', () => {
    const files = globSync('**', { cwd: image.root });
    const open = files.filter((path) => {
      const { uid, mode } = statSync(join(image.root, path));
      return uid !== 0 || (mode & 0o022) !== 0;
    });
    expect(files.length).toBeGreaterThan(20);
    expect(open).toEqual([]);
  });

  it('holds no shell, no package manager, no maps of sources and no tests', () => {
    for (const program of ['sh', 'bash', 'dash', 'busybox', 'apt-get', 'dpkg', 'npm', 'curl']) {
      const places = ['bin', 'usr/bin', 'sbin', 'usr/sbin', 'usr/local/bin'].map((folder) =>
        join(image.root, folder, program),
      );
      expect(places.filter((path) => existsSync(path))).toEqual([]);
    }
    expect(globSync(['**/*.map', '**/*.ts', '**/node_modules'], { cwd: join(image.root, 'app') })).toEqual([]);
  });

  it('has the Node that compiled its code', async () => {
    expect(await node('console.log(process.version)')).toEqual({ code: 0, output: [process.version] });
  });
});
