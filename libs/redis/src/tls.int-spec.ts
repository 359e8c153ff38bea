import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type RedisProcess, startRedis } from '@smart-router/testbed';
import type { RedisConnectionOptions } from './connect';
import { connectRedis } from './testing/connect-redis';
import type { RedisConnection } from './redis-connection';
import { PATIENT_LIMITS } from './testing/connection-limits';
import { RecordedLog } from './testing/recorded-log';

/** How long a start that is to fail takes: enough for a first attempt to find out why. */
const REASON_MS = 4_000;

let folder: string;
let redis: RedisProcess | undefined;
let connection: RedisConnection | undefined;

const inFolder = (name: string): string => join(folder, name);
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

/** A certificate of the authority `ca` in `<name>.crt`. */
function certify(name: string, subject: string, days: number): void {
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    '/CN=redis',
  );
  execFileSync('sh', ['-c', `echo subjectAltName=${subject} > ${name}.ext`], { cwd: folder });
  const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  const certificate = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', `${name}.ext`, '-days', `${days}`];
  openssl('x509', '-req', ...authority, ...certificate);
}

/** Starts a Redis with this certificate and connects to it. */
async function connectTo(
  name: string,
  tlsCa: string | undefined,
  options: Partial<RedisConnectionOptions> = {},
): Promise<RedisConnection> {
  const port = await freePort();
  const files = ['--tls-cert-file', inFolder(`${name}.crt`), '--tls-key-file', inFolder(`${name}.key`)];
  const args = [
    '--tls-port',
    `${port}`,
    ...files,
    '--tls-ca-cert-file',
    inFolder('ca.crt'),
    '--tls-auth-clients',
    'no',
  ];
  redis = await startRedis({ args: [...args, '--requirepass', 'secret'] });
  const url = `rediss://:secret@127.0.0.1:${port}`;
  const tls = tlsCa === undefined ? {} : { tlsCa };
  return connectRedis({ url, ...PATIENT_LIMITS, logger: new RecordedLog(), ...tls, ...options });
}

const authority = (): string => readFileSync(inFolder('ca.crt'), 'utf8');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=ca');
  certify('good', 'IP:127.0.0.1', 1);
  certify('expired', 'IP:127.0.0.1', -1);
  certify('foreign', 'DNS:redis.example.com', 1);
});
afterEach(async () => {
  await connection?.close();
  connection = undefined;
  await redis?.kill();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a Redis with TLS', () => {
  it('is connected to when its certificate is of the given authority', async () => {
    connection = await connectTo('good', authority());
    expect(await connection.client.ping()).toBe('PONG');
  });

  it.each([
    ['its authority is not known', 'good', false, /certificate/],
    ['its certificate has expired', 'expired', true, /certificate has expired/],
    ['its certificate is for another host', 'foreign', true, /does not match certificate/],
  ])('is refused when %s, and the log says why', async (_name, certificate, isAuthorityKnown, reason) => {
    const log = new RecordedLog();
    const limits = { startTimeoutMs: REASON_MS, logger: log };
    const attempt = connectTo(certificate, isAuthorityKnown ? authority() : undefined, limits);
    await expect(attempt).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(log.records)).toMatch(reason);
    expect(JSON.stringify(log.records)).not.toContain('secret');
  });
});

describe('a Redis without TLS', () => {
  it('is given up in time by a client that speaks TLS, and the log says that TLS may be the reason', async () => {
    const log = new RecordedLog();
    redis = await startRedis();
    const url = redis.url.replace('redis:', 'rediss:');
    const attempt = connectRedis({ url, startTimeoutMs: REASON_MS, logger: log });
    const reason = expect.stringContaining('the port may be one without TLS');
    await expect(attempt).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', reason });
    expect(log.records).toContainEqual(expect.objectContaining({ fields: expect.objectContaining({ reason }) }));
  });
});
