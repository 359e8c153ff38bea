import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sendRequest } from '@smart-router/testbed';
import type { Child } from '../processes/child';
import type { Children } from '../processes/children';
import { isOk, METRICS_PORT, NAMESPACE } from '../product';

export interface MonitoringParts {
  readonly children: Children;
  readonly folder: string;
  readonly path: string;
  /** Folder with the chart's alerts, `*.yaml`. */
  readonly alerts: string;
  /** In place of the `for` of every alert; `null`: as in the chart. */
  readonly alertSeconds: number | null;
  /** Names of pods with their addresses. */
  readonly targets: Readonly<Record<string, string>>;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
}

const SCRAPE_SECONDS = 2;

/** Which of Prometheus and Alertmanager this machine has, with the name that its package gives the program. */
export function findPrograms(path: string): { readonly prometheus: boolean; readonly alertmanager: string | null } {
  const isThere = (name: string) =>
    spawnSync(name, ['--version'], { env: { PATH: path }, stdio: 'ignore' }).status === 0;
  const alertmanager = ['prometheus-alertmanager', 'alertmanager'].find(isThere) ?? null;
  return { prometheus: isThere('prometheus'), alertmanager };
}

/** Prometheus with the alerts of the chart, and Alertmanager without receivers. */
export class Monitoring {
  private readonly processes: Child[] = [];

  constructor(private readonly parts: MonitoringParts) {}

  /** @param alertmanager the name of the program; `null`: without one */
  async start(alertmanager: string | null): Promise<void> {
    await mkdir(this.file('alerts'));
    await this.copyAlerts();
    await writeFile(this.file('prometheus.yml'), JSON.stringify(this.config(alertmanager !== null)));
    if (alertmanager !== null) await this.startAlertmanager(alertmanager);
    const { path, prometheusPort } = this.parts;
    await this.launch('prometheus', {
      command: 'prometheus',
      args: [
        `--config.file=${this.file('prometheus.yml')}`,
        `--storage.tsdb.path=${this.file('prometheus')}`,
        '--storage.tsdb.retention.time=1d',
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
        '--log.level=warn',
      ],
      env: { PATH: path },
      isReady: () => isOk(`http://127.0.0.1:${prometheusPort}/-/ready`),
    });
  }

  /** Names of the alerts that fire now. */
  async firing(): Promise<readonly string[]> {
    const { body } = await sendRequest<{
      readonly data: {
        readonly alerts: readonly { readonly state: string; readonly labels: { readonly alertname: string } }[];
      };
    }>(`http://127.0.0.1:${this.parts.prometheusPort}/api/v1/alerts`);
    const firing = body.data.alerts.filter(({ state }) => state === 'firing');
    return [...new Set(firing.map(({ labels }) => labels.alertname))].sort();
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.end()));
  }

  private async startAlertmanager(command: string): Promise<void> {
    const { alertmanagerPort, path } = this.parts;
    const config = { route: { receiver: 'nobody', group_by: ['alertname'] }, receivers: [{ name: 'nobody' }] };
    await writeFile(this.file('alertmanager.yml'), JSON.stringify(config));
    await this.launch('alertmanager', {
      command,
      args: [
        `--config.file=${this.file('alertmanager.yml')}`,
        `--storage.path=${this.file('alertmanager')}`,
        `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
        '--cluster.listen-address=',
        '--log.level=warn',
      ],
      env: { PATH: path },
      isReady: () => isOk(`http://127.0.0.1:${alertmanagerPort}/-/ready`),
    });
  }

  private async launch(name: string, plan: Omit<Parameters<Children['add']>[0], 'name'>): Promise<void> {
    const process = this.parts.children.add({ name, ...plan });
    this.processes.push(process);
    await process.start();
  }

  private config(hasAlertmanager: boolean): object {
    const { alertmanagerPort, targets } = this.parts;
    const scrape = Object.entries(targets).map(([pod, host]) => ({
      targets: [`${host}:${METRICS_PORT}`],
      labels: { namespace: NAMESPACE, pod },
    }));
    const alertmanagers = [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }];
    return {
      global: { scrape_interval: `${SCRAPE_SECONDS}s`, evaluation_interval: `${SCRAPE_SECONDS}s` },
      rule_files: [this.file('alerts/*.yaml')],
      scrape_configs: [{ job_name: 'smart-router', static_configs: scrape }],
      ...(hasAlertmanager && { alerting: { alertmanagers } }),
    };
  }

  private async copyAlerts(): Promise<void> {
    const { alerts, alertSeconds } = this.parts;
    for (const name of globSync('*.yaml', { cwd: alerts })) {
      const text = await readFile(join(alerts, name), 'utf8');
      const own = alertSeconds === null ? text : text.replaceAll(/^( +for:).*$/gm, `$1 ${alertSeconds}s`);
      await writeFile(this.file(`alerts/${name}`), own);
    }
  }

  private file(name: string): string {
    return join(this.parts.folder, name);
  }
}
