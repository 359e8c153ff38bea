import { join } from 'node:path';
import { type RedisProcess, startRedis, TcpFaultProxy, waitFor } from '@smart-router/testbed';
import type { FleetPlan } from './fleet-plan';
import { readPods } from './read-pods';
import { Replica } from './replica';

const API_PROCESSES = 3;
const REGISTRATION_TIMEOUT_MS = 60_000;

/** What a run is about: API processes and a leader on one Redis, whose line can be made bad. */
export interface Fleet {
  readonly plan: FleetPlan;
  readonly redis: RedisProcess;
  /** All apps reach Redis through it. */
  readonly line: TcpFaultProxy;
  readonly apis: readonly Replica[];
  readonly worker: Replica;
  stop(): Promise<void>;
}

/** @param random for the jitter of the line. Resolves when all pods are registered */
export async function startFleet(apps: string, plan: FleetPlan, random: () => number): Promise<Fleet> {
  const redis = await startRedis();
  const line = await TcpFaultProxy.start({ target: `127.0.0.1:${redis.port}`, random });
  const env = environment(line.port, plan);
  const started: Replica[] = [];
  const start = async (name: string): Promise<Replica> => {
    const replica = await Replica.start({ app: join(apps, name), env });
    started.push(replica);
    return replica;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((replica) => replica.kill()));
    await line.close();
    await redis.kill();
  };
  try {
    const worker = await start('leader-worker');
    const apis: Replica[] = [];
    for (let index = 0; index < API_PROCESSES; index++) apis.push(await start('api'));
    await waitFor(async () => (await readPods(apis)).length === plan.podNames.length, {
      timeoutMs: REGISTRATION_TIMEOUT_MS,
      description: 'all pods to be registered',
    });
    return { plan, redis, line, apis, worker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Cleanup and reconcile run much more often than in production, so that they meet the load more often. */
function environment(redisPort: number, { podNames, tierConfig }: FleetPlan): Record<string, string> {
  return {
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    TIER_CONFIG: tierConfig,
    STATIC_PODS: podNames.join(','),
    VOICE_AGENT_BASE_URL: 'wss://agents.example.com',
    HTTP_HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    CLEANUP_INTERVAL: '1s',
    RECONCILE_INTERVAL: '3s',
    REDIS_START_TIMEOUT: '60s',
    // All calls come from one address and one provider, and many of their ends come when the call is gone.
    UNKNOWN_ENDS_PER_PROVIDER: '1000000',
    UNKNOWN_ENDS_PER_ADDRESS: '0',
    // More than minutes of load, while the soak reads it four times a second.
    AUDIT_LENGTH: '200000',
  };
}
