import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { DemoNetwork } from '../network';
import { DNS_PORT } from '../cluster/name-server';
import { API_PORT, MEDIA_BASE_URL, NAMESPACE } from '../product';

export interface RouterPlace {
  readonly host: string;
  readonly port: number;
  /** May be written to. */
  readonly temporaryFolder: string;
}

const run = promisify(execFile);
const TEMPLATE = 'templates/router/configmap.yaml';
/** What the chart asks for beside the router. */
const RELEASE = {
  config: { VOICE_AGENT_BASE_URL: MEDIA_BASE_URL, ALLOW_OPEN_API: 'true' },
  secrets: { redisUrl: { existingSecret: 'smart-router-secrets' } },
};

/** The configuration of nginx as the chart renders it; only values differ from those of a cluster. */
export class RouterConfig {
  /** @param helm the program @param chart its folder */
  constructor(
    private readonly helm: string,
    private readonly chart: string,
    private readonly network: DemoNetwork,
  ) {}

  /** @throws with Helm's own words where the chart does not render */
  async render(place: RouterPlace): Promise<string> {
    const named = ['template', 'smart-router', this.chart, '--namespace', NAMESPACE, '--show-only', TEMPLATE];
    const values = { ...RELEASE, router: this.values(place) };
    const set = Object.entries(values).flatMap(([name, value]) => ['--set-json', `${name}=${JSON.stringify(value)}`]);
    const { stdout } = await run(this.helm, [...named, ...set]);
    const { data } = parse(stdout) as { readonly data: { readonly 'nginx.conf': string } };
    return data['nginx.conf'];
  }

  private values({ host, port, temporaryFolder }: RouterPlace): object {
    const { nameServer, service } = this.network;
    return {
      enabled: true,
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
