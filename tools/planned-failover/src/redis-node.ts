import { Redis } from 'ioredis';
import { Refusal } from './failures';
import type { Address, Credentials, Options } from './options';

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 3_000;

const NOT_LET_IN = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH)/;

/** What a node says of its replication. */
export interface NodeState {
  readonly isMaster: boolean;
  /** A master's own, or that which a replica follows. */
  readonly replicationId: string;
  /** How far its data reach, in bytes of the stream of that id. */
  readonly offset: number;
  /** Of a promoted replica: the id that it followed before, and the first offset of its own. */
  readonly formerId: string;
  readonly promotedAt: number;
  /** Of a replica: whether it hears its master, and who that is. */
  readonly isLinked: boolean;
  readonly master: string;
  /** Of a master: whether a FAILOVER of its own is on its way. */
  readonly isFailingOver: boolean;
}

export const format = ({ host, port }: Address): string => `${host}:${port}`;

/** How nodes are reached. */
export interface Access {
  readonly credentials: Credentials;
  readonly tls: Options['tls'];
}

/**
 * A server of Redis or a sentinel. Where its connection has ended the next command opens another one: a sentinel ends
 * all connections to the replica that it promotes.
 */
export class RedisNode {
  private client: Redis;

  private constructor(
    readonly address: Address,
    private readonly access: Access,
  ) {
    this.client = newClient(address, access.tls);
  }

  /** @throws Refusal where the credentials are not taken, or the failure of the connection */
  static async connect(address: Address, access: Access): Promise<RedisNode> {
    const node = new RedisNode(address, access);
    await node.open();
    return node;
  }

  get name(): string {
    return format(this.address);
  }

  /** @throws the error reply, or the failure of the connection */
  async call(command: string, ...args: (string | number)[]): Promise<unknown> {
    if (this.client.status === 'end') {
      this.client = newClient(this.address, this.access.tls);
      await this.open();
    }
    return this.client.call(command, ...args);
  }

  async state(): Promise<NodeState> {
    return parseState(String(await this.call('INFO', 'replication')));
  }

  /** It follows the new master from now on; what its clients had open ends, so that they ask for the new master. */
  async demote(master: Address): Promise<void> {
    const commands = [
      ['REPLICAOF', master.host, `${master.port}`],
      ['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'],
      ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
    ];
    for (const [command = '', ...args] of commands) await this.call(command, ...args);
    // Fails where there is no file, which is no harm: the sentinels know who the master is.
    await this.call('CONFIG', 'REWRITE').catch(() => null);
  }

  close(): void {
    this.client.disconnect();
  }

  private async open(): Promise<void> {
    const { client } = this;
    let reason: Error | null = null;
    client.on('error', (error: Error) => (reason = error));
    try {
      await client.connect();
      await this.logIn(client);
    } catch (error) {
      client.disconnect();
      if (error instanceof Refusal) throw error;
      throw new Error(`${this.name} cannot be reached: ${messageOf(reason ?? error)}`, { cause: error });
    }
  }

  private async logIn(client: Redis): Promise<void> {
    const { username, password } = this.access.credentials;
    try {
      if (password !== undefined) await client.call('AUTH', ...(username === undefined ? [] : [username]), password);
      await client.ping();
    } catch (error) {
      if (!NOT_LET_IN.test(messageOf(error))) throw error;
      throw new Refusal(`${this.name} does not take the user or the password (${messageOf(error)})`);
    }
  }
}

function newClient(address: Address, tls: Options['tls']): Redis {
  return new Redis({
    ...address,
    ...(tls && { tls }),
    lazyConnect: true,
    enableReadyCheck: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseState(info: string): NodeState {
  const field = (name: string): string => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? '';
  const isMaster = field('role') === 'master';
  return {
    isMaster,
    replicationId: field('master_replid'),
    offset: Number(field(isMaster ? 'master_repl_offset' : 'slave_repl_offset')),
    formerId: field('master_replid2'),
    promotedAt: Number(field('second_repl_offset')),
    isLinked: field('master_link_status') === 'up',
    master: `${field('master_host')}:${field('master_port')}`,
    isFailingOver: !['', 'no-failover'].includes(field('master_failover_state')),
  };
}
