import { join } from 'node:path';
import { freePort, TestProcess, waitFor } from '@smart-router/testbed';

const START_TIMEOUT_MS = 30_000;

/** An etcd of one member for one API server, on free ports. */
export class EtcdProcess {
  private constructor(
    readonly url: string,
    private readonly process: TestProcess,
  ) {}

  /** @param assets the folder with the binary. @throws where it does not start */
  static async start(assets: string, folder: string): Promise<EtcdProcess> {
    const [client, peer] = await Promise.all([freePort(), freePort()]);
    const url = `http://127.0.0.1:${client}`;
    const peerUrl = `http://127.0.0.1:${peer}`;
    const args = [
      ...['--data-dir', join(folder, 'etcd'), '--listen-client-urls', url, '--advertise-client-urls', url],
      ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
      ...['--initial-cluster', `default=${peerUrl}`],
    ];
    const child = TestProcess.start(join(assets, 'etcd'), args, { keepLines: 200 });
    const etcd = new EtcdProcess(url, child);
    try {
      await waitFor(() => child.exit !== null || etcd.isHealthy(), {
        timeoutMs: START_TIMEOUT_MS,
        description: 'etcd to be healthy',
      });
      if (child.exit) throw new Error(`etcd ended with code ${child.exit.code}`);
      return etcd;
    } catch (error) {
      await child.kill();
      throw new Error(`etcd did not start: ${String(error)}\n${child.tail()}`, { cause: error });
    }
  }

  /** Forgets all revisions before the newest. */
  async compact(): Promise<void> {
    const { header } = (await this.post('/v3/kv/range', { key: Buffer.from('/').toString('base64') })) as {
      header: { revision: string };
    };
    await this.post('/v3/kv/compaction', { revision: header.revision, physical: true });
  }

  stop(): Promise<void> {
    return this.process.kill();
  }

  private async isHealthy(): Promise<boolean> {
    const response = await fetch(`${this.url}/health`);
    return response.ok && (await response.text()).includes('true');
  }

  private async post(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd refused ${path}: ${await response.text()}`);
    return response.json();
  }
}
