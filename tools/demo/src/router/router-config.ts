import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DemoNetwork } from '../network';
import { API_PORT, DNS_PORT } from '../product';

export interface RouterPlace {
  readonly host: string;
  readonly port: number;
  /** May be written to. */
  readonly temporaryFolder: string;
}

const run = promisify(execFile);

/** The configuration of nginx as the chart renders it; only values differ from those of a cluster. */
export class RouterConfig {
  /** @param root folder of the repository */
  constructor(
    private readonly root: string,
    private readonly network: DemoNetwork,
  ) {}

  /** @throws with Helm's own words where the chart does not render */
  async render(place: RouterPlace): Promise<string> {
    const rendering = run(process.execPath, [join(this.root, 'tools/chart/render-chart.mjs'), 'router', '-']);
    rendering.child.stdin?.end(JSON.stringify({ router: this.values(place) }));
    return (await rendering).stdout;
  }

  private values({ host, port, temporaryFolder }: RouterPlace): object {
    const { nameServer, service } = this.network;
    return {
      listenAddress: host,
      containerPort: port,
      temporaryFolder,
      resolver: `${nameServer}:${DNS_PORT}`,
      apiServers: [`${service}:${API_PORT}`],
      accessLog: 'off',
      workerProcesses: 1,
      workerConnections: 1024,
    };
  }
}
