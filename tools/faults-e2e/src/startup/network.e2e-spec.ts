import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type RedisProcess, startRedis, TcpFaultProxy, waitFor } from '@smart-router/testbed';
import { StartupScenario } from './startup-scenario';

const SECRET = 'canary-secret-9';
/** For a first attempt to log its reason. */
const LONG_ENOUGH = { REDIS_START_TIMEOUT: '5s' };

describe('a start whose way to Redis is broken', () => {
  let app: StartupScenario | null = null;
  let redis: RedisProcess;
  let proxy: TcpFaultProxy;

  beforeAll(async () => {
    redis = await startRedis();
  });

  beforeEach(async () => {
    proxy = await TcpFaultProxy.start({ target: `127.0.0.1:${redis.port}` });
  });

  afterEach(async () => {
    await app?.process.kill();
    await proxy.close();
  });

  afterAll(() => redis?.stop());

  const startOn = async (endpoint: string, env = {}): Promise<StartupScenario> => {
    const url = endpoint.replace('//', `//:${SECRET}@`);
    app = await StartupScenario.of({ app: 'api', env: { REDIS_URL: url, ...LONG_ENOUGH, ...env } });
    return app;
  };

  const startThroughProxy = async (env = {}): Promise<StartupScenario> => {
    app = await StartupScenario.of({
      app: 'api',
      env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, ...LONG_ENOUGH, ...env },
    });
    return app;
  };

  it('names the host that cannot be resolved', async () => {
    const start = await startOn('redis://redis.invalid:6379');
    expect(await start.reason()).toMatchObject({
      code: 'REDIS_UNREACHABLE',
      reason: expect.stringMatching(/redis:\/\/redis\.invalid:6379 .*(ENOTFOUND|EAI_AGAIN)/),
    });
    expect(start.text).not.toContain(SECRET);
  });

  it('says that the certificate is not trusted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smart-router-tls-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const files = ['-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, '-subj', '/CN=redis'], {
      stdio: 'pipe',
    });
    const port = await freePort();
    const tls = ['--tls-port', `${port}`, '--tls-cert-file', certificate, '--tls-key-file', key];
    const secured = await startRedis({ args: [...tls, '--tls-auth-clients', 'no'] });
    try {
      const start = await startOn(`rediss://127.0.0.1:${port}`);
      expect(await start.reason()).toMatchObject({
        code: 'REDIS_UNREACHABLE',
        reason: expect.stringMatching(/certificate/),
      });
      expect(start.text).not.toContain(SECRET);
    } finally {
      await secured.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('says that the port may be one without TLS, and ends in time', async () => {
    const start = await startOn(`rediss://127.0.0.1:${redis.port}`);
    expect(await start.reason()).toMatchObject({
      code: 'REDIS_UNREACHABLE',
      reason: expect.stringMatching(/rediss:\/\/127\.0\.0\.1:\d+ .*the port may be one without TLS/),
    });
    expect(start.text).not.toContain(SECRET);
  });

  it('says that a firewall swallows everything: no answer in time', async () => {
    proxy.blackhole();
    const start = await startThroughProxy();
    expect(await start.reason()).toMatchObject({ code: 'REDIS_UNREACHABLE', reason: expect.stringMatching(/time/i) });
  });

  it('says that connections are refused, and starts when they are let in again', async () => {
    proxy.refuse();
    const start = await startThroughProxy({ REDIS_START_TIMEOUT: '60s' });
    await waitFor(() => start.text.includes('ECONNREFUSED'), {
      timeoutMs: 30_000,
      description: 'the refusal to be reported',
    });
    await proxy.heal();
    await start.ready();
    expect((await start.components())['store']).toMatchObject({ status: 'SUCCESS' });
  });

  it('serves without a cluster whose proxy is not there, and names the proxy', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smart-router-proxy-'));
    const deadProxy = `127.0.0.1:${await freePort()}`;
    const cluster = { server: 'https://kubernetes.invalid', 'proxy-url': `http://${deadProxy}` };
    const kubeconfig = {
      clusters: [{ name: 'a', cluster }],
      users: [{ name: 'a', user: { token: SECRET } }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      'current-context': 'a',
    };
    await writeFile(join(folder, 'config'), JSON.stringify(kubeconfig));
    app = await StartupScenario.of({ env: { POD_SOURCE: 'kubernetes', KUBECONFIG: join(folder, 'config') } });
    await app.ready();
    expect(await app.becomes('kubernetes', 'DEGRADED')).toHaveProperty('error');
    await waitFor(() => app?.text.includes(`ECONNREFUSED ${deadProxy}`), { description: 'the log to name the proxy' });
    expect(app.text).not.toContain(SECRET);
    await rm(folder, { recursive: true, force: true });
  });

  it('goes its own way to Redis where the environment names a proxy for the web', async () => {
    const deadProxy = `http://127.0.0.1:${await freePort()}`;
    const start = await startThroughProxy({ HTTP_PROXY: deadProxy, HTTPS_PROXY: deadProxy, NODE_USE_ENV_PROXY: '1' });
    await start.ready();
    expect((await start.components())['store']).toMatchObject({ status: 'SUCCESS' });
  });

  it('starts behind a load balancer that ends the first connections', async () => {
    for (let connection = 0; connection < 3; connection++) proxy.cutAfter(1);
    const start = await startThroughProxy({ REDIS_START_TIMEOUT: '60s' });
    await start.ready();
    expect(await start.allLogged('redis connection lost')).not.toEqual([]);
  });
});
