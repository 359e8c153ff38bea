import { eventually } from './eventually';
import { Incomplete, Refusal } from './failures';
import type { Options } from './options';
import { format, messageOf, type NodeState, type RedisNode } from './redis-node';
import { reach, type Survey, survey } from './survey';

/** The pause must not end while it is still looked whether the promotion has begun. */
const PAUSE_MARGIN_MS = 2_000;
/** Sentinel waits for the other replicas to follow the new master before it announces it. */
const AGREEMENT_TIMEOUT_MS = 60_000;
const UNPAUSE_TIMEOUT_MS = 3_000;

export interface Progress {
  /** One line for people. */
  readonly log: (line: string) => void;
  /** Aborting gives up, unless the promotion was ordered. */
  readonly signal: AbortSignal;
}

/**
 * Makes a replica the master so that nothing that was acknowledged is lost: writes are paused, so that the replicas can
 * reach the offset of the master; when all have, it makes no difference which one the sentinel promotes. The old master
 * is demoted before the pause ends, since it would acknowledge what is lost otherwise.
 * @returns the address of the new master, or `null` after a dry run
 * @throws Refusal where nothing was changed, Incomplete where the promotion was ordered
 */
export async function plannedFailover(options: Options, progress: Progress): Promise<string | null> {
  const found = await survey(options);
  try {
    report(found, progress.log);
    if (options.dryRun) {
      progress.log('dry run: the failover would be safe now, nothing was changed');
      return null;
    }
    return await failOver(found, options, progress);
  } finally {
    found.close();
  }
}

function report({ master, others, replicas, sentinels }: Survey, log: Progress['log']): void {
  log(`the master is ${master.name}; ${sentinels.summary}, and agree`);
  log(`in step: ${replicas.map(({ name }) => name).join(', ')}`);
  if (others.length > 0) log(`not waited for, since the sentinel cannot choose them: ${others.join(', ')}`);
}

async function failOver(found: Survey, options: Options, progress: Progress): Promise<string> {
  const { master } = found;
  const startMs = performance.now();
  const { paused, promoted } = await promoteWhilePaused(found, options, progress);
  await demote(master, promoted);
  progress.log(`${promoted.name} is promoted, ${master.name} follows it`);
  await endPause(master, progress.log);
  await verify(found, promoted, paused);
  const ms = Math.round(performance.now() - startMs);
  progress.log(`done in ${ms} ms: the sentinels name ${promoted.name}, which has all that the old master had`);
  return promoted.name;
}

interface Promotion {
  /** The old master, when its writes were paused and all replicas had reached it. */
  readonly paused: NodeState;
  readonly promoted: RedisNode;
}

/** On success writes are still paused; wherever it fails they are allowed again. */
async function promoteWhilePaused(found: Survey, options: Options, { log, signal }: Progress): Promise<Promotion> {
  const { master, sentinels } = found;
  const pauseEndMs = performance.now() + options.pauseMs;
  try {
    if (signal.aborted) throw new Refusal('interrupted');
    await master.call('CLIENT', 'PAUSE', options.pauseMs, 'WRITE');
    log(`writes are paused on ${master.name}, for ${options.pauseMs} ms at most`);
    const paused = await catchUp(found, options, signal);
    log(`every replica has offset ${paused.offset}`);
    await sentinels.failover();
    log('the sentinel promotes a replica');
    return { paused, promoted: await promotion(found, pauseEndMs - PAUSE_MARGIN_MS - performance.now()) };
  } catch (error) {
    await endPause(master, log);
    throw error instanceof Refusal || error instanceof Incomplete ? error : new Refusal(messageOf(error));
  }
}

/** @returns the state of the master that all of them have reached */
async function catchUp(
  { master, replicas, sentinels }: Survey,
  options: Options,
  signal: AbortSignal,
): Promise<NodeState> {
  const paused = await master.state();
  if (!paused.isMaster) throw new Refusal(`${master.name} is no master any more`);
  for (const replica of replicas) await reach(replica, paused, options.catchUpMs);
  await sentinels.agreedMaster();
  const electable = (await sentinels.replicas()).filter(({ isElectable }) => isElectable);
  const surveyed = new Set(replicas.map(({ name }) => name));
  if (electable.length !== surveyed.size || electable.some(({ address }) => !surveyed.has(format(address)))) {
    throw new Refusal('the sentinel may choose other replicas than a moment ago');
  }
  if (signal.aborted) throw new Refusal('interrupted');
  return paused;
}

/** @returns the replica that was promoted @throws Refusal where the sentinel gave up, Incomplete where it is not known */
async function promotion({ replicas, sentinels }: Survey, timeoutMs: number): Promise<RedisNode> {
  let promoted: RedisNode | undefined;
  const isOver = async (): Promise<boolean> => {
    // Asked before the replicas, so that a promotion that ends in between is not taken for none.
    const isFailingOver = await sentinels.isFailingOver().catch(() => true);
    for (const replica of replicas) {
      if (
        await replica.state().then(
          ({ isMaster }) => isMaster,
          () => false,
        )
      )
        promoted = replica;
    }
    return promoted !== undefined || !isFailingOver;
  };
  const isKnown = await eventually(isOver, timeoutMs);
  if (promoted) return promoted;
  if (isKnown) throw new Refusal('the sentinel gave up: no replica was promoted');
  throw new Incomplete(
    'no replica was promoted in time, and the sentinel may still do it: what is written now may be lost',
  );
}

/** Its writes stay paused where that fails: the sentinels demote it within some 10 s. @throws Incomplete */
async function demote(master: RedisNode, promoted: RedisNode): Promise<void> {
  await master.demote(promoted.address).catch((error: unknown) => {
    throw new Incomplete(`${promoted.name} is promoted, and ${master.name} could not be demoted (${messageOf(error)})`);
  });
}

/** @throws Incomplete with what is not as it should be */
async function verify({ sentinels }: Survey, promoted: RedisNode, paused: NodeState): Promise<void> {
  const { formerId, promotedAt } = await promoted.state();
  if (formerId !== paused.replicationId || promotedAt <= paused.offset) {
    throw new Incomplete(
      `${promoted.name} was promoted at offset ${promotedAt}, the old master was at ${paused.offset}`,
    );
  }
  if (!(await eventually(() => sentinels.doAgreeOn(promoted.address), AGREEMENT_TIMEOUT_MS))) {
    throw new Incomplete(`${promoted.name} is the master, and the sentinels do not all name it yet`);
  }
}

/** Where it cannot be done the pause ends by itself. */
async function endPause(master: RedisNode, log: Progress['log']): Promise<void> {
  let problem = '';
  const unpause = async (): Promise<boolean> => (await master.call('CLIENT', 'UNPAUSE')) === 'OK';
  if (await eventually(unpause, UNPAUSE_TIMEOUT_MS, (error) => (problem = messageOf(error)))) return;
  log(`the pause on ${master.name} could not be ended (${problem}): it ends by itself`);
}
