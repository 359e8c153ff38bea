import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FakeStatefulSet,
  type KubernetesSimulator,
  startKubernetesSimulator,
} from '@smart-router/kubernetes-simulator';
import {
  type AppProcess,
  type Fleet,
  newFleet,
  poolTotals,
  sendForm,
  sendRequest,
  waitFor,
} from '@smart-router/testbed';

/** What Prometheus reads from each app. */
export interface Scrapes {
  readonly api: string;
  readonly worker: string;
}

const PODS = 2;

const ENV = {
  TIER_CONFIG: JSON.stringify({ gold: { type: 'exclusive', target: 1 }, standard: { type: 'exclusive', target: 1 } }),
  VOICE_AGENT_BASE_URL: 'wss://agents.example.com',
};

/**
 * Starts a process of the API and a leader worker, on Redis and a simulated cluster, and does what makes the series
 * appear that rules and dashboards name. All has ended when it resolves. @returns what the two expose then
 */
export async function scrapeFleet(): Promise<Scrapes> {
  const folder = await mkdtemp(join(tmpdir(), 'smart-router-scrape-'));
  const token = join(folder, 'token');
  await writeFile(token, 'token-of-a-test');
  const cluster = await startKubernetesSimulator();
  const fleet = await newFleet()
    .env({ NAMESPACE: cluster.pods.namespace, ...ENV, TWILIO_AUTH_TOKEN_FILE: token })
    .start();
  try {
    await FakeStatefulSet.start(cluster.pods, { name: 'voice-agent', replicas: PODS });
    const [api, worker] = await Promise.all([fleet.start('api'), startWorker(fleet, cluster, folder)]);
    await useApi(api);
    return { api: await scrape(api), worker: await scrape(worker) };
  } finally {
    await fleet.stop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startWorker(fleet: Fleet, cluster: KubernetesSimulator, folder: string): Promise<AppProcess> {
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig());
  return fleet.start('leader-worker', {
    POD_SOURCE: 'kubernetes',
    LEADER_ELECTION: 'kubernetes',
    KUBECONFIG: kubeconfig,
  });
}

/** A call that gets a pod and ends, one of several that gets none, and a webhook that nobody has signed. */
async function useApi({ api, baseUrl }: AppProcess): Promise<void> {
  await waitFor(async () => (await poolTotals(api)).available === PODS, { description: 'the pods to be offered' });
  for (let call = 0; call <= PODS; call++) await api.allocate(`call-${call}`);
  await api.release('call-0');
  await sendForm(`${baseUrl}/api/v1/twilio/allocate`, { CallSid: 'forged' });
}

async function scrape({ metricsUrl }: AppProcess): Promise<string> {
  return (await sendRequest(`${metricsUrl}/metrics`)).text;
}
