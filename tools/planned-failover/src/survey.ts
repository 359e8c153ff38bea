import { Refusal } from './failures';
import type { Options } from './options';
import { format, messageOf, type NodeState, RedisNode } from './redis-node';
import { type ReplicaView, Sentinels } from './sentinels';
import { eventually } from './eventually';

/** The master and all replicas that Sentinel may promote, with a connection to each. */
export interface Survey {
  readonly sentinels: Sentinels;
  readonly master: RedisNode;
  readonly replicas: readonly RedisNode[];
  /** Replicas that Sentinel cannot choose, with the reason. */
  readonly others: readonly string[];
  close(): void;
}

/**
 * Looks whether a promotion can be safe. Which replica is promoted is the sentinel's choice, made by offsets that are up
 * to 10 s old: therefore each one that it may choose must be in step.
 * @throws Refusal with the reason why not
 */
export async function survey(options: Options): Promise<Survey> {
  const sentinels = await Sentinels.connect(options);
  const nodes: RedisNode[] = [];
  const close = (): void => [sentinels, ...nodes].forEach((one) => one.close());
  const access = { credentials: options.redis, tls: options.tls };
  const connect = async (address: ReplicaView['address']): Promise<RedisNode> => {
    const node = await RedisNode.connect(address, access).catch((error: unknown) => {
      throw error instanceof Refusal ? error : new Refusal(messageOf(error));
    });
    nodes.push(node);
    return node;
  };
  try {
    const master = await connect(await sentinels.agreedMaster());
    const views = await sentinels.replicas();
    const replicas: RedisNode[] = [];
    for (const { address } of views.filter(({ isElectable }) => isElectable)) replicas.push(await connect(address));
    const others = views.filter(({ isElectable }) => !isElectable);
    await checkInStep(master, replicas, options);
    return {
      ...{ sentinels, master, replicas, close },
      others: others.map(({ address, flags }) => `${format(address)} (${flags})`),
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function checkInStep(master: RedisNode, replicas: readonly RedisNode[], { catchUpMs }: Options): Promise<void> {
  const state = await master.state();
  if (!state.isMaster) throw new Refusal(`${master.name} is no master, though the sentinels say so`);
  if (state.isFailingOver) throw new Refusal(`${master.name} is failing over by itself`);
  if (replicas.length === 0) throw new Refusal('there is no replica that the sentinel could promote');
  for (const replica of replicas) await reach(replica, state, catchUpMs);
}

/** Resolves when the replica has what the master had. @throws Refusal where it has not in time */
export async function reach(replica: RedisNode, master: NodeState, timeoutMs: number): Promise<void> {
  let problem = 'no answer';
  const isInStep = async (): Promise<boolean> => {
    const state = await replica.state();
    problem = problemOf(state, master);
    return problem === '';
  };
  if (await eventually(isInStep, timeoutMs, (error) => (problem = messageOf(error)))) return;
  const advice = 'repair it, or set its replica-priority to 0 and wait until the sentinels know';
  throw new Refusal(`${replica.name} is not in step, and the sentinel may choose it (${problem}): ${advice}`);
}

function problemOf(replica: NodeState, master: NodeState): string {
  if (replica.isMaster) return 'it is a master';
  if (!replica.isLinked) return `it does not hear its master, ${replica.master}`;
  if (replica.replicationId !== master.replicationId) return `it follows another master, ${replica.master}`;
  return replica.offset >= master.offset ? '' : `it lacks ${master.offset - replica.offset} bytes`;
}
