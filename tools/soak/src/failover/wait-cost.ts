import { askRedis, type AppProcess, startApp, startRedis, waitFor } from '@smart-router/testbed';

const PODS = Array.from({ length: 80 }, (_, index) => `voice-agent-${index}`);
const ROUNDS = 10;
const ROUND_MS = 2_000;

export interface RoundCost {
  /** Allocations with their releases, a second. */
  readonly cyclesPerSecond: number;
  /** Of one request. */
  readonly medianMs: number;
}

export interface WaitCost {
  readonly clients: number;
  /** The value of `REDIS_WAIT_REPLICAS`. */
  readonly replicas: string;
  readonly without: RoundCost;
  readonly with: RoundCost;
}

/**
 * What WAIT costs: two processes on one master with a replica on the same machine, one with `REDIS_WAIT_REPLICAS`,
 * asked one after the other, round by round, so that both meet the same machine. The middle one of the rounds counts.
 */
export async function measureWaitCost(clients: number, replicas: '1' | 'all'): Promise<WaitCost> {
  const master = await startRedis();
  const replica = await startRedis({ args: ['--replicaof', `127.0.0.1 ${master.port}`] });
  const apps: AppProcess[] = [];
  try {
    const isInStep = async () => (await askRedis(master.port, 'INFO replication')).includes('state=online');
    await waitFor(isInStep, { timeoutMs: 20_000, description: 'the replica to be in step' });
    const start = async (name: 'api' | 'leader-worker', env: Readonly<Record<string, string>>): Promise<AppProcess> => {
      const tiers = { TIER_CONFIG: JSON.stringify({ standard: { type: 'exclusive', target: PODS.length } }) };
      const fixed = { REDIS_URL: master.url, HTTP_HOST: '127.0.0.1', ...tiers, STATIC_PODS: PODS.join(',') };
      const app = await startApp(name, { ...fixed, ...env });
      apps.push(app);
      return app;
    };
    await start('leader-worker', {});
    const plain = await start('api', {});
    const waiting = await start('api', { REDIS_WAIT_REPLICAS: replicas });
    const rounds: Record<'without' | 'with', RoundCost[]> = { without: [], with: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      // Each goes first in half of the rounds.
      const first = round % 2 === 0 ? await runRound(plain, clients, `${round}a`) : null;
      const withWait = await runRound(waiting, clients, `${round}b`);
      const without = first ?? (await runRound(plain, clients, `${round}c`));
      // The first one warms up.
      if (round === 0) continue;
      rounds.without.push(without);
      rounds.with.push(withWait);
    }
    return { clients, replicas, without: middle(rounds.without), with: middle(rounds.with) };
  } finally {
    await Promise.all(apps.map((app) => app.kill()));
    await replica.kill();
    await master.kill();
  }
}

async function runRound({ baseUrl }: AppProcess, clients: number, name: string): Promise<RoundCost> {
  const startMs = performance.now();
  const timesMs: number[] = [];
  const post = async (path: string, callSid: string): Promise<void> => {
    const sentMs = performance.now();
    const response = await fetch(`${baseUrl}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ call_sid: callSid }),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path} ${callSid}: ${response.status}`);
    timesMs.push(performance.now() - sentMs);
  };
  const run = async (client: number): Promise<void> => {
    for (let cycle = 0; performance.now() - startMs < ROUND_MS; cycle++) {
      const callSid = `cost-${name}-${client}-${cycle}`;
      await post('allocate', callSid);
      await post('release', callSid);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  const seconds = (performance.now() - startMs) / 1_000;
  return { cyclesPerSecond: timesMs.length / 2 / seconds, medianMs: median(timesMs) };
}

function middle(rounds: readonly RoundCost[]): RoundCost {
  return {
    cyclesPerSecond: median(rounds.map(({ cyclesPerSecond }) => cyclesPerSecond)),
    medianMs: median(rounds.map(({ medianMs }) => medianMs)),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
