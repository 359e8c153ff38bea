import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, answerOf } from '@smart-router/api-client';
import { freePort, removeWithParent } from '@smart-router/testbed';
import { CallFigures } from './calls/call-figures';
import { CallLoad } from './calls/call-load';
import { faultKeys } from './faults';
import { Fleet } from './fleet';
import { findPrograms, Monitoring } from './monitoring/monitoring';
import { claimNetwork, type DemoNetwork, refuseTakenPorts } from './network';
import type { DemoOptions } from './options';
import { Children } from './processes/children';
import { StopOrder } from './processes/stop-order';
import { RouterConfig } from './router/router-config';
import { VoiceRouter } from './router/voice-router';
import { helpText, readKeys } from './screen/keys';
import { statusLine, summary } from './screen/status-line';
import { whereToLook } from './screen/where-to-look';

/** What the launcher has made and found. */
export interface DemoParts {
  /** Folder with the built bundles. */
  readonly bundles: string;
  /** Folder of the repository. */
  readonly root: string;
  readonly path: string;
  readonly say: (line: string) => void;
}

const USES = ['API', 'voice router', 'Prometheus', 'Alertmanager'];
const LINE_MS = 3_000;
/** The others take the default chain. */
const MERCHANTS = { 'gold-shop': { tier: 'gold' }, 'basic-shop': { tier: 'basic' } } as const;

/** Everything that one command starts. `run` starts it, and ends all of it whatever happens. */
export class Demo {
  private readonly children: Children;
  private readonly stops = new StopOrder();
  private readonly figures = new CallFigures();
  private end: () => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;
  private readonly ended = new Promise<void>((resolve, reject) => {
    this.end = resolve;
    this.fail = reject;
  });

  constructor(
    private readonly options: DemoOptions,
    private readonly parts: DemoParts,
  ) {
    this.children = new Children(parts.say);
  }

  /** Resolves when nothing of it is left. @throws where something failed, after ending everything */
  async run(): Promise<void> {
    await refuseTakenPorts(this.options.port, USES);
    const network = await claimNetwork();
    const folder = await mkdtemp(join(tmpdir(), 'smart-router-demo-'));
    removeWithParent(folder);
    try {
      const running = this.startAll(network, folder);
      await Promise.race([running, this.children.failure, this.ended]);
      await Promise.race([this.children.failure, this.ended]);
    } finally {
      await this.stopAll();
      await rm(folder, { recursive: true, force: true });
      network.release();
    }
  }

  /** Ends it in order. */
  quit(): void {
    this.end();
  }

  /** Ends all processes at once, in no order. */
  killAll(): Promise<void> {
    return this.children.killAll();
  }

  private async startAll(network: DemoNetwork, folder: string): Promise<void> {
    const { agents, port, settings } = this.options;
    const { bundles, path } = this.parts;
    const clusterPort = await freePort();
    const fleet = new Fleet(
      { network, bundles, folder, path, clusterPort, agents, settings },
      this.children,
      this.fail,
    );
    const router = this.routerOf(network, folder);
    this.stops.add('traffic', () => router.end());
    const [monitoring, found] = this.monitoringOf(fleet, folder);
    await Promise.all([fleet.start(this.stops), router.start(), monitoring?.start(found.alertmanager)]);
    router.service.follow().catch(this.fail);
    await fleet.service.listen('127.0.0.1', port);
    await router.service.listen('127.0.0.1', port + 1);
    await configureMerchants(fleet.api);
    const hasAlertmanager = monitoring !== null && found.alertmanager !== null;
    this.parts.say(whereToLook({ port, network, hasPrometheus: monitoring !== null, hasAlertmanager }));
    this.begin(fleet, router, monitoring);
  }

  /** Calls, lines and keys, until it ends. */
  private begin(fleet: Fleet, router: VoiceRouter, monitoring: Monitoring | null): void {
    const { figures, parts } = this;
    const { callSeconds, callsPerSecond, seconds } = this.options;
    const merchants = ['any-shop', ...Object.keys(MERCHANTS)];
    const load = new CallLoad({ callsPerSecond, callSeconds, merchants, router: () => router.service.pick(), figures });
    const actions = faultKeys({ fleet, router, load, say: parts.say });
    parts.say(`${helpText(actions)}\n`);
    const keys = readKeys(actions, () => this.end(), parts.say);
    const line = () => statusLine(figures, fleet, monitoring).then(parts.say).catch(this.fail);
    const lines = setInterval(() => void line(), LINE_MS);
    if (seconds !== null) setTimeout(() => this.end(), seconds * 1000).unref();
    this.stops.add('calls', async () => {
      clearInterval(lines);
      keys.close();
      await load.stop();
      parts.say(summary(figures));
    });
    load.run().catch(this.fail);
  }

  /** In order; what does not end by itself is killed. */
  private async stopAll(): Promise<void> {
    this.parts.say('stopping ...');
    for (const error of await this.stops.run()) this.parts.say(String(error));
    await this.children.killAll();
  }

  private routerOf(network: DemoNetwork, folder: string): VoiceRouter {
    const { path, root } = this.parts;
    const config = new RouterConfig(root, network);
    return new VoiceRouter({ children: this.children, network, folder, path, config });
  }

  private monitoringOf(fleet: Fleet, folder: string) {
    const { alertSeconds, port } = this.options;
    const { path, root } = this.parts;
    const found = findPrograms(path);
    if (!found.prometheus) return [null, found] as const;
    const monitoring = new Monitoring({
      children: this.children,
      folder,
      path,
      alerts: join(root, 'helm/smart-router/files/alerts'),
      alertSeconds,
      targets: fleet.targets(),
      prometheusPort: port + 2,
      alertmanagerPort: port + 3,
    });
    this.stops.add('traffic', () => monitoring.end());
    return [monitoring, found] as const;
  }
}

async function configureMerchants(api: ApiClient): Promise<void> {
  for (const [merchantId, body] of Object.entries(MERCHANTS)) {
    await answerOf(api.PUT('/api/v1/merchants/{merchant_id}', { params: { path: { merchant_id: merchantId } }, body }));
  }
}
