import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askRedis } from '@smart-router/testbed';
import type { DemoNetwork } from './network';
import type { ChildPlan } from './processes/child';

/** Where the built bundles lie, and what the processes share. */
export interface ProductParts {
  readonly network: DemoNetwork;
  /** Folder with `api`, `leader-worker`, `kubernetes-simulator` and `agent`. */
  readonly bundles: string;
  /** Temporary, for what the processes write. */
  readonly folder: string;
  readonly path: string;
  /** Of the cluster's API. */
  readonly clusterPort: number;
  readonly agents: number;
  /** Settings of the product, over those of the demo. */
  readonly settings: Readonly<Record<string, string>>;
}

export const NAMESPACE = 'voice-system';
export const API_PORT = 8080;
const REDIS_PORT = 6379;
/** Of the name server. */
export const DNS_PORT = 5353;
export const METRICS_PORT = 9090;
/** As providers reach the service. A load balancer ends TLS there; the callers of the demo stand for it. */
export const PUBLIC_BASE_URL = 'https://calls.example.com';
export const MEDIA_BASE_URL = 'wss://media.example.com';
export const WEBHOOK_PREFIX = '/agent/voice/breeze-buddy';

/** With them the providers sign their webhooks. */
export const SECRETS = {
  twilio: 'demo-twilio-auth-token',
  plivo: 'demo-plivo-auth-token',
  exotel: 'demo-exotel-webhook-token',
} as const;

/** Gold, standard and overflow take one call a pod; the pods of basic share the rest of the load. */
export function tiersOf(agents: number) {
  const share = (part: number): number => Math.max(1, Math.floor(agents * part));
  return {
    tiers: {
      gold: { type: 'exclusive', target: share(0.2) },
      standard: { type: 'exclusive', target: share(0.2) },
      overflow: { type: 'exclusive', target: 1 },
      basic: { type: 'shared', target: agents - 2 * share(0.2) - 1, max_concurrent: 20 },
    },
    default_chain: ['gold', 'standard', 'overflow', 'basic'],
  };
}

/** Secrets lie in files, as Kubernetes mounts them: one may be changed while the demo runs. */
export async function writeSecrets(folder: string): Promise<void> {
  await mkdir(secretsFolder(folder));
  for (const [provider, secret] of Object.entries(SECRETS)) {
    await writeFile(join(secretsFolder(folder), provider), secret, { mode: 0o600 });
  }
}

const secretsFolder = (folder: string): string => join(folder, 'secrets');
export const kubeconfigOf = (folder: string): string => `${folder}/kubeconfig`;
export const redisFolder = (folder: string): string => `${folder}/redis`;

/** With an append-only file, so that a restart keeps what was written. */
export function redisPlan({ folder, network, path }: ProductParts): ChildPlan {
  const fixed = ['--port', `${REDIS_PORT}`, '--bind', network.redis, '--dir', redisFolder(folder)];
  const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
  return {
    name: 'redis',
    command: 'redis-server',
    args: [...fixed, ...durable, '--protected-mode', 'no'],
    env: { PATH: path },
    isReady: async () => (await askRedis(REDIS_PORT, 'PING', network.redis)) === 'PONG',
  };
}

export function clusterPlan(parts: ProductParts): ChildPlan {
  const { bundles, clusterPort, folder } = parts;
  const options = ['--port', `${clusterPort}`, '--namespace', NAMESPACE, '--pods', '0'];
  return {
    name: 'cluster',
    ...nodeProcess(parts, [
      `${bundles}/kubernetes-simulator/main.js`,
      ...options,
      '--kubeconfig-out',
      kubeconfigOf(folder),
    ]),
    isReady: () => isOk(`http://127.0.0.1:${clusterPort}/api/v1/namespaces/${NAMESPACE}/pods`),
  };
}

/** A process of the API or a leader worker. */
export function appPlan(parts: ProductParts, app: 'api' | 'leader-worker', index: number): ChildPlan {
  const host = parts.network.pod(app, index);
  const cluster = { POD_SOURCE: 'kubernetes', KUBECONFIG: kubeconfigOf(parts.folder) };
  const { args, command, env } = nodeProcess(parts, [`${parts.bundles}/${app}/main.js`]);
  return {
    name: `${app}-${index}`,
    command,
    args,
    env: {
      ...env,
      ...sharedSettings(parts),
      ...(app === 'leader-worker' && cluster),
      HTTP_HOST: host,
      LEADER_ELECTION_IDENTITY: `${app}-${index}`,
      ...parts.settings,
    },
    isReady: () => isOk(`http://${host}:${API_PORT}/ready`),
  };
}

export function agentPlan(parts: ProductParts, index: number): ChildPlan {
  const ip = parts.network.agent(index);
  const name = `voice-agent-${index}`;
  return {
    name,
    ...nodeProcess(parts, [`${parts.bundles}/agent/main.js`, name, ip, serviceUrl(parts.network)]),
    isReady: () => isOk(`http://${ip}:8000/health`),
  };
}

export const serviceUrl = (network: DemoNetwork): string => `http://${network.service}:${API_PORT}`;

export async function isOk(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
}

function nodeProcess({ path }: ProductParts, args: readonly string[]): Pick<ChildPlan, 'command' | 'args' | 'env'> {
  return { command: process.execPath, args, env: { PATH: path } };
}

/** A term of leadership is short, so that a takeover can be watched. */
function sharedSettings({ agents, folder, network }: ProductParts): Readonly<Record<string, string>> {
  return {
    REDIS_URL: `redis://${network.redis}:${REDIS_PORT}`,
    NAMESPACE,
    TIER_CONFIG: JSON.stringify(tiersOf(agents)),
    HTTP_PORT: `${API_PORT}`,
    METRICS_PORT: `${METRICS_PORT}`,
    VOICE_AGENT_BASE_URL: MEDIA_BASE_URL,
    PUBLIC_BASE_URL,
    TWILIO_AUTH_TOKEN_FILE: join(secretsFolder(folder), 'twilio'),
    PLIVO_AUTH_TOKEN_FILE: join(secretsFolder(folder), 'plivo'),
    EXOTEL_WEBHOOK_TOKEN_FILE: join(secretsFolder(folder), 'exotel'),
    LEASE_TTL: '60s',
    LEADER_ELECTION_LEASE_DURATION: '5s',
    LEADER_ELECTION_RENEW_DEADLINE: '4s',
    LEADER_ELECTION_RETRY_PERIOD: '500ms',
  };
}
