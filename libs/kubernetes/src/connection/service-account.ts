import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { ApiAccess, ApiCredentials } from './api-access';

/** Where Kubernetes mounts the service account into every container. */
const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The service account of the pod that this process runs in. Its token is replaced on disk about every hour, so that
 * it is read for every request and never remembered; the certificate of the authority may be replaced, too.
 */
export class ServiceAccount implements ApiCredentials {
  constructor(
    private readonly server: { readonly host: string; readonly port: number },
    private readonly folder = FOLDER,
  ) {}

  async read(): Promise<ApiAccess> {
    const { host, port } = this.server;
    const [token, ca] = await Promise.all([this.file('token'), this.file('ca.crt')]);
    return {
      baseUrl: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      headers: { authorization: `Bearer ${token.trim()}` },
      tls: { ca },
      agent: null,
    };
  }

  /** Nothing is remembered. */
  reject(): void {}

  private file(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }
}
