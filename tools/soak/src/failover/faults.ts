import { plannedFailover } from '@smart-router/planned-failover';
import { askRedis } from '@smart-router/testbed';
import { countMismatch, DEFAULT_PODS, type Fleet } from './fleet';
import { delayCommands } from './late-commands';
import { type LoadOptions, runLoad } from './load';
import type { Outcome } from './outcome';
import { sleep } from '../clock';
import {
  type RedisSetup,
  type SentinelSetup,
  startBehindLine,
  startCluster,
  startSingle,
  startWithSentinels,
} from './redis-setup';
import { cutReplicas, demoted, promoted, uncutReplicas } from './replication';
import { moveSlots } from './slot-migration';
import { loseSuffix } from './suffix-lost';

/** A way in which Redis fails, and the calls that are made meanwhile. */
export interface Fault<Setup extends RedisSetup = RedisSetup> {
  start(): Promise<Setup>;
  run(setup: Setup, fleet: Fleet, options: LoadOptions): Promise<Outcome>;
  readonly pods: number;
  /** Without replicas there is nobody to wait for. */
  readonly hasReplicas: boolean;
}

/** A partition that lasts a while after the promotion, in which both sides continue. */
const BOTH_SIDES_MS = 3_000;
const WAKE_AFTER_MS = 1_500;
const AWAY_MS = 500;
/** What is written meanwhile is lost. */
const CUT_MS = 700;

type Run<Setup> = (setup: Setup, fleet: Fleet, options: LoadOptions) => Promise<Outcome>;

function fault<Setup extends RedisSetup>(start: () => Promise<Setup>, run: Run<Setup>, pods = DEFAULT_PODS): Fault {
  // The setup that is given back is always the one that was made here.
  return { start, pods, hasReplicas: false, run: (setup, fleet, options) => run(setup as Setup, fleet, options) };
}

/** @param happen resolves when it is over and nothing is broken any more, but perhaps the memory of the store */
const underLoad =
  <Setup>(happen: (setup: Setup) => Promise<unknown>): Run<Setup> =>
  (setup, fleet, options) =>
    runLoad(fleet, () => happen(setup), options);

const withSentinels = (run: Run<SentinelSetup>, args: readonly string[] = [], pods = DEFAULT_PODS): Fault => ({
  ...fault(() => startWithSentinels(args), run, pods),
  hasReplicas: true,
});

const partition = underLoad(async (setup: SentinelSetup) => {
  setup.sentinel.lineToMaster?.blackhole();
  for (const view of setup.views) view.cut();
  await promoted(setup);
  await sleep(BOTH_SIDES_MS);
  await setup.sentinel.lineToMaster?.heal();
  for (const view of setup.views) view.heal();
  await demoted(setup);
});

async function killMaster(setup: SentinelSetup): Promise<void> {
  await setup.sentinel.nodes[0]?.kill();
  await uncutReplicas(setup);
  await promoted(setup);
}

const sentinelAddress = ({ sentinel }: SentinelSetup) => {
  const [host = '', port] = sentinel.sentinels[0]?.split(':') ?? [];
  return { host, port: Number(port) };
};

async function failOverAsPlanned(setup: SentinelSetup): Promise<void> {
  const limits = { pauseMs: 20_000, catchUpMs: 5_000, dryRun: false };
  const target = { sentinels: [sentinelAddress(setup)], masterName: setup.sentinel.masterName };
  const progress = { log: () => undefined, signal: new AbortController().signal };
  await plannedFailover({ ...target, ...limits, redis: {}, sentinel: {}, tls: null }, progress);
}

export const FAULTS = {
  'master killed': withSentinels(underLoad(killMaster)),
  'master stopped, wakes after the promotion': withSentinels(
    underLoad(async (setup) => {
      setup.sentinel.nodes[0]?.pause();
      await promoted(setup);
      await sleep(WAKE_AFTER_MS);
      setup.sentinel.nodes[0]?.resume();
    }),
  ),
  'silent partition': withSentinels(partition),
  'silent partition, min-replicas 1, lag 2 s': withSentinels(partition, [
    '--min-replicas-to-write',
    '1',
    '--min-replicas-max-lag',
    '2',
  ]),
  'suffix lost while every process lives': withSentinels(loseSuffix, [], 40),
  'replicas cut, master killed': withSentinels(
    underLoad(async (setup) => {
      await cutReplicas(setup, [1, 2]);
      await sleep(CUT_MS);
      await killMaster(setup);
    }),
  ),
  'one replica cut, the other one later, master killed': withSentinels(
    underLoad(async (setup) => {
      await cutReplicas(setup, [1]);
      await sleep(CUT_MS);
      await cutReplicas(setup, [1, 2]);
      await sleep(CUT_MS);
      await killMaster(setup);
    }),
  ),
  'planned: SENTINEL FAILOVER': withSentinels(
    underLoad(async (setup) => {
      await askRedis(sentinelAddress(setup).port, `SENTINEL FAILOVER ${setup.sentinel.masterName}`);
      await promoted(setup);
      await demoted(setup);
    }),
  ),
  'planned: npm run planned-failover': withSentinels(underLoad(failOverAsPlanned)),
  'killed, restarted from its AOF (everysec)': fault(
    () => startSingle(['--appendonly', 'yes', '--appendfsync', 'everysec']),
    underLoad(async (setup) => {
      await sleep(AWAY_MS);
      await setup.restart();
    }),
  ),
  'killed, comes back empty': fault(
    () => startSingle([]),
    underLoad((setup) => setup.restart()),
  ),
  FLUSHALL: fault(
    () => startSingle([]),
    underLoad(({ port }) => askRedis(port, 'FLUSHALL')),
  ),
  'commands of one process late': fault(startBehindLine, delayCommands, 400),
  'slots of a cluster moved': fault(startCluster, async (setup, fleet, options) => {
    const outcome = await runLoad(fleet, () => moveSlots(setup), options);
    return { ...outcome, leaks: Math.max(outcome.leaks, await countMismatch(fleet)) };
  }),
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
