import { Redis } from 'ioredis';
import { type RedisProcess, startRedis } from '@smart-router/testbed';
import { EXCLUSIVE, merchantConfig, PREFIX, RECORD_MS, SHARED } from '../floor/fleet-names';
import { loadScripts, type LuaScripts } from '../floor/lua-scripts';
import { BuiltApp, OWN_DIST } from '../processes/built-app';

export interface FleetSize {
  readonly exclusivePods: number;
  readonly sharedPods: number;
  /** Calls per shared pod. */
  readonly maxConcurrent: number;
}

const BATCH = 1000;

/** A Redis of its own with pods, merchants and calls, and the processes that serve them. */
export class Fleet {
  private readonly apps: BuiltApp[] = [];

  private constructor(
    readonly size: FleetSize,
    readonly redis: RedisProcess,
    readonly client: Redis,
    readonly scripts: LuaScripts,
    private readonly dist: string,
  ) {}

  /**
   * With no pods yet, and the two merchants whose calls go to one pool each.
   * @param dist the folder of the build whose apps will serve it
   */
  static async start(size: FleetSize, dist = OWN_DIST): Promise<Fleet> {
    const redis = await startRedis();
    const client = new Redis(redis.url);
    const scripts = await loadScripts(client);
    for (const { merchant, pool } of [EXCLUSIVE, SHARED]) {
      await client.hset(`${PREFIX}merchant:config`, merchant, merchantConfig(pool));
    }
    return new Fleet(size, redis, client, scripts, dist);
  }

  async startApp(name: 'api' | 'leader-worker', env: Readonly<Record<string, string>> = {}): Promise<BuiltApp> {
    const own = { REDIS_URL: this.redis.url, TIER_CONFIG: tierConfig(this.size) };
    const app = await BuiltApp.start(name, { ...own, ...env }, this.dist);
    this.apps.push(app);
    return app;
  }

  /** Registers the pods by the product's own script, for fleets that would take a leader long to fill. */
  async registerPods(): Promise<void> {
    const { exclusivePods, sharedPods, maxConcurrent } = this.size;
    const epoch = 1;
    await this.scripts.run('configurePool', `${PREFIX}pools`, epoch, EXCLUSIVE.pool, 'exclusive', 1);
    await this.scripts.run('configurePool', `${PREFIX}pools`, epoch, SHARED.pool, 'shared', maxConcurrent);
    const register = (pool: string) => (index: number) => {
      const pod = `pod-${pool}-${index}`;
      return this.scripts.run('registerPod', `${PREFIX}pod:${pod}`, epoch, pod, 'one', '1', pool, '{}');
    };
    await inBatches(exclusivePods, register(EXCLUSIVE.pool));
    await inBatches(sharedPods, register(SHARED.pool));
  }

  /** @param count merchants `m-0`, `m-1` … whose calls go to the exclusive pool */
  async addMerchants(count: number): Promise<void> {
    const text = merchantConfig(EXCLUSIVE.pool);
    await inBatches(count, (index) => this.client.hset(`${PREFIX}merchant:config`, `m-${index}`, text));
  }

  /** Live calls on the shared pool. An API has to serve the fleet already: before, Redis gives no calls. */
  async addCalls(count: number): Promise<void> {
    await inBatches(count, (index) => this.allocateShared(`live-${index}`, RECORD_MS));
  }

  async allocateShared(callSid: string, leaseMs: number): Promise<void> {
    const { merchant, pool } = SHARED;
    const notLate = Number.MAX_SAFE_INTEGER;
    const [request, owners] = ['', ''];
    const call = [callSid, merchant, merchantConfig(pool), '', leaseMs, leaseMs];
    const args = [...call, notLate, request, owners, pool];
    const [kind] = (await this.scripts.run('allocate', `${PREFIX}call:${callSid}`, ...args)) as string[];
    if (kind !== 'allocated') throw new Error(`allocate answered ${String(kind)}`);
  }

  /** What they serve stays in Redis. */
  async stopApps(): Promise<void> {
    for (const app of this.apps) await app.stop();
  }

  async stop(): Promise<void> {
    await this.stopApps();
    this.client.disconnect();
    await this.redis.stop();
  }
}

export function tierConfig({ exclusivePods, sharedPods, maxConcurrent }: FleetSize): string {
  return JSON.stringify({
    tiers: {
      [EXCLUSIVE.pool]: { type: 'exclusive', target: exclusivePods },
      [SHARED.pool]: { type: 'shared', target: sharedPods, max_concurrent: maxConcurrent },
    },
    default_chain: [EXCLUSIVE.pool, SHARED.pool],
    default_tier: EXCLUSIVE.pool,
  });
}

async function inBatches(count: number, send: (index: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    await Promise.all(Array.from({ length: size }, (_, offset) => send(start + offset)));
  }
}
