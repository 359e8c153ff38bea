import { performance } from 'node:perf_hooks';
import { askRedis, waitFor } from '@smart-router/testbed';
import { podOf } from './calls';
import { KubernetesFleet, PATIENCE_MS } from './kubernetes-fleet';

const REPLICAS = 20;
const POD = 'voice-agent-0';

interface PodEvent {
  readonly what: string;
  happen(fleet: KubernetesFleet): Promise<unknown>;
  /** Whether a process of the API shows what is right afterwards. */
  isFollowed(fleet: KubernetesFleet): Promise<boolean>;
}

const available = async ({ api }: KubernetesFleet): Promise<number | undefined> =>
  (await api.api.status()).body.pools['standard']?.available;
const uidOf = async ({ pods }: KubernetesFleet): Promise<string | undefined> => (await pods.get(POD)).metadata.uid;

/** In this order; the last but one leaves everything as it was before the first. */
const EVENTS: readonly PodEvent[] = [
  {
    what: 'a pod is not ready any more',
    happen: ({ pods }) => pods.setReady(POD, false),
    isFollowed: async (fleet) => (await available(fleet)) === REPLICAS - 1,
  },
  {
    what: 'a pod is ready again',
    happen: ({ pods }) => pods.setReady(POD, true),
    isFollowed: async (fleet) => (await available(fleet)) === REPLICAS,
  },
  {
    what: 'a pod terminates',
    happen: ({ pods }) => pods.terminate(POD),
    isFollowed: async (fleet) => (await available(fleet)) === REPLICAS - 1,
  },
  {
    what: 'a pod is gone',
    happen: ({ pods }) => pods.remove(POD),
    isFollowed: async ({ api }) => (await podOf(api, POD)) === null,
  },
  {
    what: 'a pod is ready under its old name with a new UID',
    happen: ({ pods }) => pods.createReady(POD, { labels: { app: 'voice-agent' } }),
    isFollowed: async (fleet) =>
      (await available(fleet)) === REPLICAS &&
      (await podOf(fleet.api, POD))?.incarnation.split('/')[0] === (await uidOf(fleet)),
  },
  {
    what: 'Redis was emptied',
    happen: ({ redis }) => askRedis(redis.port, 'FLUSHALL'),
    isFollowed: async (fleet) => (await available(fleet)) === REPLICAS,
  },
];

/** The clock starts when the API server, or Redis, has answered. */
async function timeOf({ what, happen, isFollowed }: PodEvent, fleet: KubernetesFleet): Promise<number> {
  await happen(fleet);
  const since = performance.now();
  await waitFor(() => isFollowed(fleet), { timeoutMs: PATIENCE_MS, description: `the pools to follow: ${what}` });
  return performance.now() - since;
}

async function measure(rounds: number): Promise<void> {
  const fleet = await KubernetesFleet.start({ replicas: REPLICAS });
  const times = new Map(EVENTS.map(({ what }) => [what, [] as number[]]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const event of EVENTS) times.get(event.what)?.push(await timeOf(event, fleet));
    }
  } finally {
    await fleet.stop();
  }
  for (const [what, all] of times) process.stdout.write(`${what}: ${summaryOf(all)}\n`);
}

function summaryOf(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b).map(Math.round);
  return `followed after ${sorted[Math.floor(sorted.length / 2)]} ms, at most ${sorted.at(-1)} ms`;
}

await measure(Number(process.argv[2] ?? 20));
