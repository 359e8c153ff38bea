import { Refusal } from './failures';
import type { Address, Options } from './options';
import { format, messageOf, RedisNode } from './redis-node';

/** A replica as the sentinel sees it that will be asked to promote one. */
export interface ReplicaView {
  readonly address: Address;
  /** Whether the sentinel may choose it. */
  readonly isElectable: boolean;
  /** Why not. */
  readonly flags: string;
}

type Fields = Readonly<Record<string, string>>;

/** The sentinels of a master that answer: a majority of those that there are. */
export class Sentinels {
  private constructor(
    private readonly nodes: readonly RedisNode[],
    private readonly total: number,
    private readonly masterName: string,
  ) {}

  /** Finds all of them by those that are named. @throws Refusal */
  static async connect({ sentinels, masterName, sentinel, tls }: Options): Promise<Sentinels> {
    const found = new Map<string, RedisNode>();
    const failures: string[] = [];
    const add = async (address: Address): Promise<void> => {
      const node = await RedisNode.connect(address, { credentials: sentinel, tls }).catch((error: unknown) => {
        if (error instanceof Refusal) throw error;
        failures.push(messageOf(error));
      });
      const id = node && (await idOf(node));
      if (id && !found.has(id)) found.set(id, node);
      else node?.close();
    };
    try {
      for (const address of sentinels) await add(address);
      const [first] = found.values();
      if (!first) throw new Refusal(`no sentinel answers: ${failures.join('; ')}`);
      await readMaster(first, masterName);
      const others = await rows(first, 'SENTINELS', masterName);
      for (const other of others) if (!found.has(other['runid'] ?? '')) await add(addressOf(other));
      const total = new Set([await idOf(first), ...others.map((other) => other['runid'])]).size;
      const all = new Sentinels([...found.values()], total, masterName);
      await all.checkMajority(failures);
      return all;
    } catch (error) {
      for (const node of found.values()) node.close();
      throw error;
    }
  }

  /** For people. */
  get summary(): string {
    return `${this.nodes.length} of ${this.total} sentinels answer`;
  }

  /** The master that all of them name. @throws Refusal where they do not agree, or a failover is on its way */
  async agreedMaster(): Promise<Address> {
    const views = await Promise.all(this.nodes.map((node) => readMaster(node, this.masterName)));
    const names = new Set(views.map((view) => format(addressOf(view))));
    const [view] = views;
    if (!view || names.size !== 1)
      throw new Refusal(`the sentinels do not agree on a master: ${[...names].join(', ')}`);
    const flags = new Set(views.flatMap((one) => (one['flags'] ?? '').split(',')));
    if (flags.has('failover_in_progress')) throw new Refusal('a failover is in progress');
    if (flags.has('s_down') || flags.has('o_down')) throw new Refusal(`a sentinel takes ${[...names]} for down`);
    return addressOf(view);
  }

  /** Whether a majority names it, and nobody who answers another one. */
  async doAgreeOn(address: Address): Promise<boolean> {
    const answers = await Promise.allSettled(this.nodes.map((node) => readMaster(node, this.masterName)));
    const views = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const doAgree = views.every((view) => format(addressOf(view)) === format(address));
    return doAgree && views.length * 2 > this.total;
  }

  async replicas(): Promise<readonly ReplicaView[]> {
    return (await rows(this.first, 'REPLICAS', this.masterName)).map((row) => ({
      address: addressOf(row),
      isElectable: !/s_down|o_down|disconnected/.test(row['flags'] ?? '') && row['slave-priority'] !== '0',
      flags: row['slave-priority'] === '0' ? 'replica-priority 0' : (row['flags'] ?? ''),
    }));
  }

  /** Orders a promotion, or perhaps does where there is no answer. @throws Refusal with the words of the sentinel */
  async failover(): Promise<void> {
    await this.first.call('SENTINEL', 'FAILOVER', this.masterName).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'ReplyError')
        throw new Refusal(`the sentinel refuses: ${messageOf(error)}`);
    });
  }

  /** Whether the sentinel that was asked for it is still at it. */
  async isFailingOver(): Promise<boolean> {
    return ((await readMaster(this.first, this.masterName))['flags'] ?? '').includes('failover_in_progress');
  }

  close(): void {
    for (const node of this.nodes) node.close();
  }

  private get first(): RedisNode {
    return this.nodes[0] as RedisNode;
  }

  private async checkMajority(failures: readonly string[]): Promise<void> {
    if (this.nodes.length * 2 <= this.total) {
      throw new Refusal(`only ${this.summary}, which is no majority: ${failures.join('; ')}`);
    }
    await this.first.call('SENTINEL', 'CKQUORUM', this.masterName).catch((error: unknown) => {
      throw new Refusal(`the quorum is missing: ${messageOf(error)}`);
    });
  }
}

const idOf = async (node: RedisNode): Promise<string> => String(await node.call('SENTINEL', 'MYID'));

const addressOf = (row: Fields): Address => ({ host: row['ip'] ?? '', port: Number(row['port']) });

async function readMaster(node: RedisNode, masterName: string): Promise<Fields> {
  const reply = await node.call('SENTINEL', 'MASTER', masterName).catch((error: unknown) => {
    if (!messageOf(error).includes('No such master')) throw error;
    throw new Refusal(`the sentinel ${node.name} knows no master named ${masterName}`);
  });
  return toFields(reply);
}

async function rows(node: RedisNode, what: string, masterName: string): Promise<readonly Fields[]> {
  return ((await node.call('SENTINEL', what, masterName)) as unknown[]).map(toFields);
}

/** A flat list of names and values. */
function toFields(reply: unknown): Fields {
  const words = (reply as unknown[]).map(String);
  const entries = words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : []));
  return Object.fromEntries(entries) as Fields;
}
