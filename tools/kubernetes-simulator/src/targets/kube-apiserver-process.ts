import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, TestProcess, waitFor } from '@smart-router/testbed';
import { HttpsApi } from './https-api';

const START_TIMEOUT_MS = 90_000;

export interface ApiserverSettings {
  /** The folder with the binary. */
  readonly assets: string;
  /** For certificates, keys and tokens. */
  readonly folder: string;
  readonly etcdUrl: string;
  /** Token of the user with all permissions. */
  readonly adminToken: string;
  /** Lines of a token file: `token,user,uid,"groups"`. */
  readonly tokens: readonly string[];
  readonly args: readonly string[];
}

/** The process kube-apiserver, which may be stopped and started again on its port. */
export class KubeApiserverProcess {
  private process: TestProcess | null = null;
  private authority = '';

  private constructor(
    readonly url: string,
    private readonly port: number,
    private readonly settings: ApiserverSettings,
  ) {}

  /** @throws where it does not start */
  static async start(settings: ApiserverSettings): Promise<KubeApiserverProcess> {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { folder, tokens } = settings;
    await writeFile(join(folder, 'accounts.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    await writeFile(join(folder, 'accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    await writeFile(join(folder, 'tokens.csv'), `${tokens.join('\n')}\n`, { mode: 0o600 });
    const port = await freePort();
    const server = new KubeApiserverProcess(`https://127.0.0.1:${port}`, port, settings);
    await server.serve();
    return server;
  }

  /** PEM of the authority that signed its certificate. */
  get certificateAuthority(): string {
    return this.authority;
  }

  /** Resolves when it is ready. */
  async serve(): Promise<void> {
    if (this.process) return;
    const { assets } = this.settings;
    const child = TestProcess.start(join(assets, 'kube-apiserver'), this.args(), { keepLines: 500 });
    this.process = child;
    try {
      await waitFor(() => child.exit !== null || this.isReady(), {
        timeoutMs: START_TIMEOUT_MS,
        description: 'kube-apiserver to be ready',
      });
      if (child.exit) throw new Error(`kube-apiserver ended with code ${child.exit.code}`);
    } catch (error) {
      await this.stop();
      throw new Error(`kube-apiserver did not start: ${String(error)}\n${child.tail(40)}`, { cause: error });
    }
  }

  /** SIGKILL: all connections break. */
  async stop(): Promise<void> {
    const child = this.process;
    this.process = null;
    await child?.kill();
  }

  private async isReady(): Promise<boolean> {
    // Written by the server itself at its first start: its certificate and the authority's behind it.
    this.authority = await readFile(join(this.settings.folder, 'certificates/apiserver.crt'), 'utf8');
    const api = new HttpsApi(this.url, this.settings.adminToken, this.authority);
    try {
      return (await api.request('GET', '/readyz')) === 'ok';
    } finally {
      api.close();
    }
  }

  private args(): string[] {
    const { folder, etcdUrl, args } = this.settings;
    return [
      ...['--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1', '--secure-port', `${this.port}`],
      ...['--cert-dir', join(folder, 'certificates'), '--etcd-servers', etcdUrl],
      ...['--service-cluster-ip-range', '10.0.0.0/24', '--endpoint-reconciler-type', 'none'],
      ...['--authorization-mode', 'RBAC', '--token-auth-file', join(folder, 'tokens.csv'), '--anonymous-auth=false'],
      ...['--service-account-issuer', 'https://kubernetes.default.svc'],
      ...['--service-account-signing-key-file', join(folder, 'accounts.key')],
      ...['--service-account-key-file', join(folder, 'accounts.pub')],
      // Nothing creates the service accounts that this one waits for.
      '--disable-admission-plugins=ServiceAccount',
      ...args,
    ];
  }
}
