import { askRedis, type AppProcess, type Fleet, newFleet, startRedis, waitFor } from '@smart-router/testbed';

const PODS = 80;
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

export interface CostOptions {
  readonly clients: number;
  /** The value of `REDIS_WAIT_REPLICAS`. */
  readonly replicas: '1' | 'all';
  /** The folder of the built apps. */
  readonly apps: string;
}

/**
 * What WAIT costs: two processes on one master with a replica on the same machine, one with `REDIS_WAIT_REPLICAS`,
 * asked one after the other, round by round, so that both meet the same machine. The middle one of the rounds counts.
 */
export async function measureWaitCost({ clients, replicas, apps }: CostOptions): Promise<WaitCost> {
  const master = await startRedis();
  const replica = await startRedis({ args: ['--replicaof', `127.0.0.1 ${master.port}`] });
  let fleet: Fleet | null = null;
  try {
    const isInStep = async () => (await askRedis(master.port, 'INFO replication')).includes('state=online');
    await waitFor(isInStep, { description: 'the replica to be in step' });
    const all = newFleet().productLimits().withoutRedis().apps({ folder: apps }).pods(PODS).workers(1);
    const withUrl = all.env({ REDIS_URL: master.url });
    fleet = await withUrl.apis(1).apis(1, { REDIS_WAIT_REPLICAS: replicas }).start();
    const [plain, waiting] = fleet.apis as [AppProcess, AppProcess];
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
    await fleet?.stop();
    await replica.kill();
    await master.kill();
  }
}

async function runRound({ api }: AppProcess, clients: number, name: string): Promise<RoundCost> {
  const startMs = performance.now();
  const timesMs: number[] = [];
  const timed = async (operation: 'allocate' | 'release', callSid: string): Promise<void> => {
    const sentMs = performance.now();
    const { status } = await api[operation](callSid);
    if (status !== 200) throw new Error(`${operation} ${callSid}: ${status}`);
    timesMs.push(performance.now() - sentMs);
  };
  const run = async (client: number): Promise<void> => {
    for (let cycle = 0; performance.now() - startMs < ROUND_MS; cycle++) {
      const callSid = `cost-${name}-${client}-${cycle}`;
      await timed('allocate', callSid);
      await timed('release', callSid);
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
