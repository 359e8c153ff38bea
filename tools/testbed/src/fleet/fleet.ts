import { type AppEnv, type AppName, type AppOptions, type AppProcess, startApp } from '../apps/app-process';
import type { ApiClient } from '../http/api-client';
import { waitFor } from '../processes/wait-for';
import { TcpFaultProxy } from '../proxy/tcp-fault-proxy';
import { type RedisProcess, type RedisProcessOptions, startRedis } from '../redis/redis-process';

const READY_TIMEOUT_MS = 60_000;

export interface AppPlan {
  readonly name: AppName;
  readonly env: AppEnv;
  readonly isBehindProxy: boolean;
}

export interface FleetPlan {
  readonly podNames: readonly string[];
  readonly env: AppEnv;
  /** `null`: none is started. */
  readonly redis: RedisProcessOptions | null;
  readonly hasProxy: boolean;
  readonly random: (() => number) | undefined;
  readonly options: AppOptions;
  readonly plans: readonly AppPlan[];
}

/** Sums over all pools. */
export interface PoolTotals {
  readonly assigned: number;
  readonly available: number;
  readonly activeCalls: number;
}

export async function poolTotals(api: ApiClient): Promise<PoolTotals> {
  const pools = Object.values((await api.status()).body.pools);
  const sum = (key: 'assigned' | 'available' | 'active_calls') => pools.reduce((total, pool) => total + pool[key], 0);
  return { assigned: sum('assigned'), available: sum('available'), activeCalls: sum('active_calls') };
}

/** Built apps on a Redis of their own. All of them, and those that are started later, end with it. */
export class Fleet {
  /** In the order of the plan. */
  readonly apis: AppProcess[] = [];
  readonly workers: AppProcess[] = [];
  private readonly started: AppProcess[] = [];
  private ownRedis: RedisProcess | null = null;
  private ownProxy: TcpFaultProxy | null = null;

  private constructor(private readonly plan: FleetPlan) {}

  static async start(plan: FleetPlan): Promise<Fleet> {
    const fleet = new Fleet(plan);
    try {
      await fleet.startAll();
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  get podNames(): readonly string[] {
    return this.plan.podNames;
  }

  get redis(): RedisProcess {
    if (!this.ownRedis) throw new Error('the fleet has no Redis of its own');
    return this.ownRedis;
  }

  /** Between Redis and the apps that were started behind it. */
  get proxy(): TcpFaultProxy {
    if (!this.ownProxy) throw new Error('nothing of the fleet is behind a proxy');
    return this.ownProxy;
  }

  /** What an app of this fleet has in its environment. */
  settings(isBehindProxy = false): AppEnv {
    const url = isBehindProxy ? `redis://127.0.0.1:${this.proxy.port}` : this.ownRedis?.url;
    return { ...(url !== undefined && { REDIS_URL: url }), ...this.plan.env };
  }

  async start(name: AppName, env: AppEnv = {}): Promise<AppProcess> {
    return this.launch({ name, env, isBehindProxy: false });
  }

  /** Resolves when it sees all pods assigned. */
  async startApi(env: AppEnv = {}): Promise<AppProcess> {
    const app = await this.start('api', env);
    await this.seesAllPods(app);
    return app;
  }

  /** Waits until all pods are assigned and so many may take a call; each of the others has one. */
  async hasAvailable(count: number, { api }: AppProcess): Promise<void> {
    const size = this.podNames.length;
    const holds = async (): Promise<boolean> => {
      const { assigned, available, activeCalls } = await poolTotals(api);
      return assigned === size && available === count && activeCalls === size - count;
    };
    await waitFor(holds, { timeoutMs: READY_TIMEOUT_MS, description: `${count} pods to be available` });
  }

  /** A new Redis takes the place of one that was killed, empty and under the same port. */
  async restartRedis(): Promise<void> {
    this.ownRedis = await startRedis({ ...this.plan.redis, port: this.redis.port });
  }

  /** Safe to repeat, and where some of it has ended already. */
  async stop(): Promise<void> {
    await Promise.all(this.started.map((app) => app.kill()));
    await this.ownProxy?.close();
    await this.ownRedis?.kill();
  }

  private async startAll(): Promise<void> {
    const { hasProxy, plans, random, redis } = this.plan;
    if (redis) this.ownRedis = await startRedis(redis);
    if (hasProxy) {
      const target = `127.0.0.1:${this.redis.port}`;
      this.ownProxy = await TcpFaultProxy.start({ target, ...(random && { random }) });
    }
    const starts = plans.map((plan) => this.launch(plan));
    // Nothing is still starting when it fails.
    await Promise.allSettled(starts);
    const apps = await Promise.all(starts);
    const ofName = (name: AppName) => apps.filter((_, index) => plans[index]?.name === name);
    this.apis.push(...ofName('api'));
    this.workers.push(...ofName('leader-worker'));
    if (this.workers.length > 0) await Promise.all(this.apis.map((app) => this.seesAllPods(app)));
  }

  private async launch({ name, env, isBehindProxy }: AppPlan): Promise<AppProcess> {
    const app = await startApp(name, { ...this.settings(isBehindProxy), ...env }, this.plan.options);
    this.started.push(app);
    return app;
  }

  private async seesAllPods({ api }: AppProcess): Promise<void> {
    const size = this.podNames.length;
    await waitFor(async () => (await poolTotals(api)).assigned === size, {
      timeoutMs: READY_TIMEOUT_MS,
      description: `${size} pods to be assigned`,
    });
  }
}
