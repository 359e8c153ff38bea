import type { Redis } from 'ioredis';

/** A write under an epoch, as the store's own audit shows it. */
export interface LeaderWrite {
  readonly sequence: number;
  readonly operation: string;
  readonly epoch: number;
  readonly isRefused: boolean;
}

/** Those whose first argument is the epoch. */
const LEADER_OPERATIONS: ReadonlySet<string> = new Set([
  'announceLeader',
  'configurePool',
  'expireLeases',
  'movePod',
  'registerPod',
  'removePod',
  'removePool',
  'repairPod',
  'sweepIndexes',
  'sweepPool',
]);

/** All writes of leaders in the order in which they took effect. */
export async function leaderWrites(redis: Redis): Promise<LeaderWrite[]> {
  const entries = await redis.xrange('voice:audit', '-', '+');
  return entries
    .map(([, flat]) => fieldsOf(flat))
    .filter(isByLeader)
    .map(writeOf);
}

/** The epochs of what the store accepted, one entry for each time that the writer changes. */
export function acceptedTerms(writes: readonly LeaderWrite[]): number[] {
  const epochs = writes.filter(({ isRefused }) => !isRefused).map(({ epoch }) => epoch);
  return epochs.filter((epoch, index) => epoch !== epochs[index - 1]);
}

type Fields = Readonly<Record<string, string>>;

function fieldsOf(flat: readonly string[]): Fields {
  return Object.fromEntries(flat.flatMap((name, index) => (index % 2 ? [] : [[name, flat[index + 1] as string]])));
}

function isByLeader({ operation }: Fields): boolean {
  return LEADER_OPERATIONS.has(operation ?? '');
}

function writeOf({ arguments: args = '[]', operation = '', result = '[]', sequence }: Fields): LeaderWrite {
  const [epoch] = JSON.parse(args) as unknown[];
  const [outcome] = JSON.parse(result) as unknown[];
  return { sequence: Number(sequence), operation, epoch: Number(epoch), isRefused: outcome === 'stale-epoch' };
}
