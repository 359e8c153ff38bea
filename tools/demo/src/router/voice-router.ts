import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Endpoint, Service } from '../cluster/service';
import type { DemoNetwork } from '../network';
import type { Child } from '../processes/child';
import type { Children } from '../processes/children';
import { isOk } from '../product';
import type { RouterConfig } from './router-config';

export interface VoiceRouterParts {
  readonly children: Children;
  readonly network: DemoNetwork;
  readonly folder: string;
  readonly path: string;
  readonly config: RouterConfig;
}

interface RouterPod extends Endpoint {
  readonly process: Child;
}

const PORT = 8080;
const REPLICAS = 2;
/** Until whoever sends connections knows that the pod ends. */
const STOP_DELAY_MS = 1_000;
/** As long as its longest call. */
const GRACE_MS = 3_600_000;

/** The pods of nginx with the configuration of the chart, and the Service in front of them. */
export class VoiceRouter {
  private readonly pods: RouterPod[] = [];
  readonly service = new Service(this.pods);
  private started = 0;

  constructor(private readonly parts: VoiceRouterParts) {}

  async start(): Promise<void> {
    for (let index = 0; index < REPLICAS; index++) await this.startPod();
  }

  /** One pod after the other: first the new one, then the old one ends when its last stream has ended. */
  async roll(): Promise<void> {
    const endings = [...this.pods].map((pod) => async () => {
      await this.startPod();
      await pod.process.stop();
      this.pods.splice(this.pods.indexOf(pod), 1);
      this.parts.children.forget(pod.process);
    });
    for (const replace of endings) await replace();
  }

  async end(): Promise<void> {
    this.service.close();
    await Promise.all(this.pods.map(({ process }) => process.end()));
  }

  private async startPod(): Promise<void> {
    const { children, config, folder, network, path } = this.parts;
    const index = this.started++;
    // Never more than one beside the others.
    const host = network.pod('nginx-router', index % (REPLICAS + 1));
    const own = join(folder, `nginx-router-${index}`);
    await mkdir(own);
    await writeFile(join(own, 'nginx.conf'), await config.render({ host, port: PORT, temporaryFolder: own }));
    const isReady = () => isOk(`http://${host}:${PORT}/healthz`);
    const process = children.add({
      name: `nginx-router-${index}`,
      command: 'nginx',
      args: ['-p', own, '-c', join(own, 'nginx.conf'), '-e', 'stderr'],
      env: { PATH: path },
      isReady,
      stopSignal: 'SIGQUIT',
      stopDelayMs: STOP_DELAY_MS,
      stopTimeoutMs: GRACE_MS,
    });
    await process.start();
    this.pods.push({
      host,
      port: PORT,
      process,
      isReady,
      get isStopping() {
        return process.isStopping;
      },
    });
  }
}
