import type { KubeConfig, User } from '@kubernetes/client-node';
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { dirname, resolve } from 'node:path';
import type { Clock } from '@smart-router/scheduling';
import type { ApiAccess, ApiCredentials, TlsAccess } from './api-access';

/** Files that it names, such as tokens, are replaced from time to time; client-go reads them as often. */
const REMEMBERED_MS = 60_000;

/** The current context of a kubeconfig file: certificates, tokens, token files, helper programs, proxies. */
export class KubeconfigFile implements ApiCredentials {
  private loaded: { readonly config: KubeConfig; readonly at: number } | null = null;

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<ApiAccess> {
    const config = await this.load();
    const cluster = config.getCurrentCluster();
    if (!cluster) throw new Error(`the current context of ${this.path} names no cluster`);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return {
      baseUrl: cluster.server.replace(/\/$/, ''),
      headers: headersOf(options),
      tls: tlsOf(options),
      agent: cluster.proxyUrl && typeof options.agent === 'object' ? options.agent : null,
    };
  }

  reject(): void {
    this.loaded = null;
  }

  private async load(): Promise<KubeConfig> {
    const now = this.clock.now();
    if (this.loaded && now - this.loaded.at < REMEMBERED_MS) return this.loaded.config;
    // A large library that only this way to the cluster needs: it is not loaded before.
    const { KubeConfig, loadYaml } = await import('@kubernetes/client-node');
    const text = await readFile(this.path, 'utf8');
    const folder = dirname(this.path);
    const config = new KubeConfig();
    config.loadFromString(text);
    config.makePathsAbsolute(folder);
    allowPlainHttp(config);
    addTokenFiles(config, loadYaml(text), folder);
    this.loaded = { config, at: now };
    return config;
  }
}

/** The library takes an address without TLS only where the file asks for no check of it; kubectl takes it as it is. */
function allowPlainHttp(config: KubeConfig): void {
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
}

interface KubeconfigText {
  readonly users?: readonly { readonly name: string; readonly user?: { readonly tokenFile?: string } }[];
}

/** The library does not know `tokenFile`, the field that kubectl writes; it has the same under another name. */
function addTokenFiles(config: KubeConfig, { users = [] }: KubeconfigText, folder: string): void {
  const files = new Map(users.flatMap(({ name, user }) => (user?.tokenFile ? [[name, user.tokenFile]] : [])));
  config.users = config.users.map((user): User => {
    const file = files.get(user.name);
    if (file === undefined) return user;
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: resolve(folder, file) } } };
  });
}

function headersOf({ auth, headers }: RequestOptions): Record<string, string> {
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value).trim()]);
  const basic = auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
  return { ...basic, ...Object.fromEntries(given) };
}

function tlsOf({ ca, cert, key, rejectUnauthorized, servername }: RequestOptions): TlsAccess {
  const given = { ca, cert, key, rejectUnauthorized, servername } as Record<string, unknown>;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}
