import { askRedis, waitFor } from '@smart-router/test-processes';
import { type RedisSetup, startSingle, startWithSentinels } from './redis-setup';

/** A way in which Redis fails under load. */
export interface Fault<Setup extends RedisSetup = RedisSetup> {
  start(): Promise<Setup>;
  /** Resolves when it is over and nothing is broken any more, but perhaps the memory of the store. */
  happen(setup: Setup): Promise<void>;
}

/** A sentinel that stood still distrusts itself for 30 s, and then begins anew. */
const PROMOTION_TIMEOUT_MS = 90_000;
/** A partition that lasts a while after the promotion, in which both sides go on. */
const BOTH_SIDES_MS = 3_000;
const WAKE_AFTER_MS = 1_500;
const AWAY_MS = 500;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type WithSentinels = Awaited<ReturnType<typeof startWithSentinels>>;

async function promoted({ sentinel }: WithSentinels): Promise<void> {
  const isOther = async (): Promise<boolean> => {
    const master = await sentinel.master();
    return master !== null && master !== sentinel.nodes[0];
  };
  await waitFor(isOther, { timeoutMs: PROMOTION_TIMEOUT_MS, description: 'a replica to be promoted' });
}

const partition = async (setup: WithSentinels): Promise<void> => {
  setup.sentinel.lineToMaster?.blackhole();
  for (const view of setup.views) view.cut();
  await promoted(setup);
  await sleep(BOTH_SIDES_MS);
  await setup.sentinel.lineToMaster?.heal();
  for (const view of setup.views) view.heal();
  const port = setup.sentinel.nodes[0]?.port ?? 0;
  await waitFor(async () => (await askRedis(port, 'INFO replication')).includes('role:slave'), {
    timeoutMs: PROMOTION_TIMEOUT_MS,
    description: 'the old master to be demoted',
  });
};

function fault<Setup extends RedisSetup>(
  start: () => Promise<Setup>,
  happen: (setup: Setup) => Promise<unknown>,
): Fault {
  // The setup that is given back is always the one that was made here.
  return { start, happen: async (setup) => void (await happen(setup as Setup)) };
}

export const FAULTS = {
  'master killed': fault(startWithSentinels, async (setup) => {
    await setup.sentinel.nodes[0]?.kill();
    await promoted(setup);
  }),
  'master stopped, wakes after the promotion': fault(startWithSentinels, async (setup) => {
    setup.sentinel.nodes[0]?.pause();
    await promoted(setup);
    await sleep(WAKE_AFTER_MS);
    setup.sentinel.nodes[0]?.resume();
  }),
  'silent partition': fault(startWithSentinels, partition),
  'silent partition, min-replicas 1, lag 2 s': fault(
    () => startWithSentinels(['--min-replicas-to-write', '1', '--min-replicas-max-lag', '2']),
    partition,
  ),
  'killed, restarted from its AOF (everysec)': fault(
    () => startSingle(['--appendonly', 'yes', '--appendfsync', 'everysec']),
    async (setup) => {
      await sleep(AWAY_MS);
      await setup.restart();
    },
  ),
  'killed, comes back empty': fault(
    () => startSingle([]),
    (setup) => setup.restart(),
  ),
  FLUSHALL: fault(
    () => startSingle([]),
    ({ port }) => askRedis(port, 'FLUSHALL'),
  ),
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

/** Without replicas there is nobody to wait for. */
export function hasReplicas(name: FaultName): boolean {
  return !name.startsWith('killed') && name !== 'FLUSHALL';
}
