import { type AppProcess, type Fleet as Processes, newFleet } from '@smart-router/testbed';
import type { FleetPlan } from './fleet-plan';

const API_PROCESSES = 3;
/** Of the log of a process, for reports: it runs long. */
const KEPT_LINES = 200;

/** What a run is about: API processes and a leader on one Redis, whose line can be made bad. */
export interface Fleet extends Pick<Processes, 'apis' | 'redis' | 'proxy'> {
  readonly plan: FleetPlan;
  readonly worker: AppProcess;
  stop(): Promise<void>;
}

/** @param random for the jitter of the line. Resolves when all pods are registered */
export async function startFleet(apps: string, plan: FleetPlan, random: () => number): Promise<Fleet> {
  const all = newFleet().productLimits().apps({ folder: apps, keepLines: KEPT_LINES }).env(environment(plan));
  const started = await all.redisBehindProxy(random).workers(1).apis(API_PROCESSES).start();
  const [worker] = started.workers as [AppProcess];
  const { apis, proxy, redis } = started;
  return { plan, redis, proxy, apis, worker, stop: () => started.stop() };
}

/** Cleanup and reconcile run much more often than in production, so that they meet the load more often. */
function environment({ podNames, tierConfig }: FleetPlan): Record<string, string> {
  return {
    TIER_CONFIG: tierConfig,
    STATIC_PODS: podNames.join(','),
    VOICE_AGENT_BASE_URL: 'wss://agents.example.com',
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
