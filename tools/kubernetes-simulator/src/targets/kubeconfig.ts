export interface KubeconfigOptions {
  readonly url: string;
  readonly namespace: string;
  /** Default: none is sent. */
  readonly token?: string;
  /** PEM. */
  readonly certificateAuthority?: string;
}

/** A kubeconfig as JSON, which is YAML too. */
export function renderKubeconfig({ url, namespace, token, certificateAuthority }: KubeconfigOptions): string {
  const authority = certificateAuthority && Buffer.from(certificateAuthority).toString('base64');
  const name = 'smart-router-tests';
  // Clients of Kubernetes take an address without TLS only with this.
  const insecure = url.startsWith('http:') && { 'insecure-skip-tls-verify': true };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server: url, ...insecure, ...(authority && { 'certificate-authority-data': authority }) } },
    ],
    users: [{ name, user: token === undefined ? {} : { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
