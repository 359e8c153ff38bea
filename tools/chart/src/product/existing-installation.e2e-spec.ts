import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FakeStatefulSet,
  type KubernetesSimulator,
  startKubernetesSimulator,
} from '@smart-router/kubernetes-simulator';
import { type AppProcess, type RedisProcess, startApp, startRedis, waitFor } from '@smart-router/testbed';
import { find, type KubernetesObject } from '../rendering/kubernetes-object';
import { merge, render, scenarios, type Values } from '../rendering/render';
import { environmentOf, rulesOf } from './rendered-pod';

/** As they stand in an installation that was there before the chart. */
const CONFIG_MAP = {
  HTTP_PORT: '8080',
  LEADER_ELECTION_ENABLED: 'true',
  LOG_LEVEL: 'info',
  METRICS_PORT: '9090',
  NAMESPACE: 'voice-system',
  POD_LABEL_SELECTOR: 'app=voice-agent',
  TIER_CONFIG:
    '{"gold":{"type":"exclusive","target":1},"standard":{"type":"exclusive","target":1},"basic":{"type":"shared","target":1,"max_concurrent":3}}',
};
const SECRET = { VOICE_AGENT_BASE_URL: 'wss://voice.example.com' };

const OF_THE_IMAGE = { NODE_ENV: 'production' };

const EXISTING = Object.fromEntries(scenarios())['existing'] ?? {};
const POD_COUNT = 4;

describe('the ConfigMap and the Secret of an installation that was there before', () => {
  let redis: RedisProcess;
  let cluster: KubernetesSimulator;
  let folder: string;
  let app: AppProcess | undefined;

  beforeEach(async () => {
    redis = await startRedis();
    folder = mkdtempSync(join(tmpdir(), 'smart-router-existing-'));
  });

  afterEach(async () => {
    await app?.kill();
    await cluster.stop();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The process that the chart starts, in a cluster that permits what the roles of the chart say. */
  async function start(values: Values, configMap: Readonly<Record<string, string>>): Promise<AppProcess> {
    const objects = render(merge(EXISTING, values));
    const rules = rulesOf(objects);
    cluster = await startKubernetesSimulator({ namespace: 'voice-system', users: [{ name: 'smart-router', rules }] });
    await FakeStatefulSet.start(cluster.pods, { name: 'voice-agent', replicas: POD_COUNT });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, cluster.kubeconfig('smart-router'));
    const env = environmentOf(find(objects, 'Deployment smart-router'), {
      'smart-router-config': configMap,
      'smart-router-secrets': { ...SECRET, REDIS_URL: redis.url },
    });
    expect([env['HTTP_PORT'], env['METRICS_PORT']]).toEqual(['8080', '9090']);
    // Of the cluster's own there is only its API; the ports of this machine may be taken.
    app = await startApp('smart-router', {
      ...OF_THE_IMAGE,
      ...env,
      KUBECONFIG: kubeconfig,
      HTTP_PORT: '0',
      METRICS_PORT: '0',
    });
    await waitFor(async () => podsInPools((await running().api.status()).body) === POD_COUNT, {
      description: 'all voice agents to be in a pool',
    });
    return app;
  }

  const running = (): AppProcess => {
    if (!app) throw new Error('nothing was started');
    return app;
  };

  it('start the product, which needs all permissions of the roles, and no other', async () => {
    const { api } = await start({ config: { POD_DELETION_COST: true } }, CONFIG_MAP);
    const { body } = await api.allocate('CA-existing');
    await waitFor(() => verbsUsed().includes('patch pods') && verbsUsed().includes('update leases'), {
      timeoutMs: 30_000,
      description: 'the leader to renew its lease and to write the cost of a pod',
    });

    expect(body.ws_url).toMatch(/^wss:\/\/voice\.example\.com\/ws\/pod\/voice-agent-\d\/CA-existing$/);
    expect((await api.status()).body.leader).not.toBeNull();
    expect(verbsUsed()).toEqual(verbsPermitted(render(merge(EXISTING, { config: { POD_DELETION_COST: true } }))));
    expect(cluster.requests.filter(({ status }) => status === 403)).toEqual([]);
  });

  it('start one that leads without asking where LEADER_ELECTION_ENABLED is false', async () => {
    const { api } = await start({}, { ...CONFIG_MAP, LEADER_ELECTION_ENABLED: 'false' });

    expect((await api.status()).body.is_leader).toBe(true);
    expect(verbsUsed()).toEqual(['list pods', 'watch pods']);
  });

  const verbsUsed = (): string[] => {
    const asked = cluster.requests.flatMap(({ resource }) => (resource ? [`${resource.verb} ${resource.plural}`] : []));
    return [...new Set(asked)].toSorted();
  };
});

function podsInPools({ pools }: { readonly pools: Readonly<Record<string, { readonly assigned: number }>> }): number {
  return Object.values(pools).reduce((sum, { assigned }) => sum + assigned, 0);
}

function verbsPermitted(objects: readonly KubernetesObject[]): string[] {
  const all = rulesOf(objects).flatMap(({ verbs, resources }) =>
    verbs.flatMap((verb) => resources.map((resource) => `${verb} ${resource}`)),
  );
  return [...new Set(all)].toSorted();
}
