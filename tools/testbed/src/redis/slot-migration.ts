import type { RedisCluster } from './redis-cluster';
import { askRedis } from './redis-inline';

const MIGRATE_TIMEOUT_MS = 5_000;

/** One slot of a cluster on its way from the node that holds it to another one. */
export class SlotMigration {
  private constructor(
    private readonly ports: readonly number[],
    private readonly slot: string,
    private readonly source: SlotOwner,
    private readonly target: SlotOwner,
  ) {}

  /** Opens the slot of `key` for a migration, as `redis-cli --cluster reshard` does. */
  static async begin(cluster: RedisCluster, key: string): Promise<SlotMigration> {
    const ports = cluster.nodes.map(({ port }) => port);
    const owners = await Promise.all(ports.map(async (port) => ({ port, id: await askRedis(port, 'CLUSTER MYID') })));
    const slot = await askRedis(owners[0]?.port ?? 0, `CLUSTER KEYSLOT ${key}`);
    const holder = owners[Math.floor((Number(slot) * owners.length) / 16_384)];
    const target = owners.find(({ port }) => port !== holder?.port);
    if (!holder || !target) throw new Error('a slot moves between two nodes');
    await askRedis(target.port, `CLUSTER SETSLOT ${slot} IMPORTING ${holder.id}`);
    await askRedis(holder.port, `CLUSTER SETSLOT ${slot} MIGRATING ${target.id}`);
    return new SlotMigration(ports, slot, holder, target);
  }

  /** Moves one key. Another one of the same name gives way. */
  async move(key: string): Promise<void> {
    await askRedis(this.source.port, `MIGRATE 127.0.0.1 ${this.target.port} ${key} 0 ${MIGRATE_TIMEOUT_MS} REPLACE`);
  }

  /** How many keys the source still holds. */
  async remaining(): Promise<number> {
    return Number(await askRedis(this.source.port, `CLUSTER COUNTKEYSINSLOT ${this.slot}`));
  }

  /** Makes the target the owner for all nodes, the target first. */
  async end(): Promise<void> {
    const others = this.ports.filter((port) => port !== this.target.port);
    for (const port of [this.target.port, ...others]) {
      await askRedis(port, `CLUSTER SETSLOT ${this.slot} NODE ${this.target.id}`);
    }
  }
}

interface SlotOwner {
  readonly port: number;
  readonly id: string;
}
