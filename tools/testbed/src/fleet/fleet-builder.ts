import { type AppEnv, type AppName, type AppOptions, PATIENT_LIMITS } from '../apps/app-process';
import type { RedisProcessOptions } from '../redis/redis-process';
import { type AppPlan, Fleet } from './fleet';

/** For apps that do not compete with anything for a port or wait for anybody when they end. */
const ON_THIS_MACHINE: AppEnv = { HTTP_HOST: '127.0.0.1', SHUTDOWN_DELAY: '0s' };

/** Which processes a test needs. Nothing starts before `start`. */
export class FleetBuilder {
  private podCount = 0;
  private shared: AppEnv = {};
  private limits: AppEnv = PATIENT_LIMITS;
  private redisOptions: RedisProcessOptions | null = {};
  private options: AppOptions = {};
  private random: (() => number) | undefined;
  private isBehindProxy = false;
  private readonly plans: AppPlan[] = [];

  /** Pods that take one call each, in one tier, unless `env` says otherwise. */
  pods(count: number): this {
    this.podCount = count;
    return this;
  }

  /** Settings of all apps. Later ones win, and those of single apps over them. */
  env(env: AppEnv): this {
    this.shared = { ...this.shared, ...env };
    return this;
  }

  /** The product's own limits of time in place of patient ones: for runs that are about them. */
  productLimits(): this {
    this.limits = {};
    return this;
  }

  /** How the Redis of the fleet is started. Without this one with no options is. */
  redis(options: RedisProcessOptions): this {
    this.redisOptions = options;
    return this;
  }

  /** The fleet starts no Redis: the settings of the apps name one. */
  withoutRedis(): this {
    this.redisOptions = null;
    return this;
  }

  /** All apps reach Redis through `fleet.proxy`. @param random for the jitter of the proxy */
  redisBehindProxy(random?: () => number): this {
    this.isBehindProxy = true;
    this.random = random;
    return this;
  }

  apps(options: AppOptions): this {
    this.options = options;
    return this;
  }

  apis(count: number, env: AppEnv = {}): this {
    return this.add('api', count, env, this.isBehindProxy);
  }

  /** These reach Redis through `fleet.proxy`, others do not. */
  apisBehindProxy(count: number, env: AppEnv = {}): this {
    return this.add('api', count, env, true);
  }

  workers(count: number, env: AppEnv = {}): this {
    return this.add('leader-worker', count, env, this.isBehindProxy);
  }

  /** Resolves when all apps are ready; where a worker is among them, when every process of the API sees all pods assigned. */
  async start(): Promise<Fleet> {
    const { isBehindProxy, limits, options, podCount, random, redisOptions, shared } = this;
    const plans = this.plans.map((plan) => ({ ...plan, isBehindProxy: plan.isBehindProxy || isBehindProxy }));
    const env: AppEnv = { ...limits, ...ON_THIS_MACHINE, ...settingsOf(podCount), ...shared };
    const podNames = (env['STATIC_PODS'] ?? '').split(',').filter((name) => name !== '');
    const hasProxy = isBehindProxy || plans.some((plan) => plan.isBehindProxy);
    return Fleet.start({ podNames, env, redis: redisOptions, hasProxy, random, options, plans });
  }

  private add(name: AppName, count: number, env: AppEnv, isBehindProxy: boolean): this {
    for (let index = 0; index < count; index++) this.plans.push({ name, env, isBehindProxy });
    return this;
  }
}

/** `newFleet().pods(6).workers(1).apis(2).redisBehindProxy().start()` */
export function newFleet(): FleetBuilder {
  return new FleetBuilder();
}

function settingsOf(podCount: number): AppEnv {
  if (podCount === 0) return {};
  const podNames = Array.from({ length: podCount }, (_, index) => `voice-agent-${index}`);
  const tiers = { standard: { type: 'exclusive', target: podCount } };
  return { STATIC_PODS: podNames.join(','), TIER_CONFIG: JSON.stringify(tiers) };
}
