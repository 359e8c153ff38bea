import { Counter, Gauge, type registry as metricsRegistry } from '@smart-router/metrics';
import { systemClock, withTimeout } from '@smart-router/scheduling';
import type { PoolName } from '@smart-router/routing-store';
import type { PoolStatus } from '../domain/describe-fleet';
import type { FleetGauges, FleetStatusReader } from '../domain/fleet-status-reader';

type Registry = typeof metricsRegistry;
type ReadCounts = () => Promise<FleetGauges | null>;

interface PoolGauge {
  readonly name: string;
  readonly help: string;
  readonly value: (pool: PoolStatus, name: PoolName, counts: FleetGauges) => number;
}

/** `tier` is the name of the pool, `merchant:<pool>` for a dedicated one; the config bounds how many there are. */
const POOL_GAUGES: readonly PoolGauge[] = [
  {
    name: 'smart_router_pool_available_pods',
    help: 'Pods that can take a call now',
    value: (pool) => pool.available,
  },
  { name: 'smart_router_pool_assigned_pods', help: 'Pods of the pool', value: (pool) => pool.assigned },
  {
    name: 'smart_router_pool_capacity_calls',
    help: 'Calls that all pods of the pool together can hold',
    value: (pool) => pool.capacity,
  },
  {
    name: 'smart_router_pool_target_pods',
    help: 'Pods that the tier config wants in the pool',
    value: (pool) => pool.target,
  },
  {
    name: 'smart_router_pool_active_calls',
    help: 'Live calls on pods of the pool',
    value: (pool) => pool.activeCalls,
  },
  {
    name: 'smart_router_pool_draining_pods',
    help: 'Pods of the pool that drain',
    value: (pool) => pool.draining,
  },
  {
    name: 'smart_router_pool_not_ready_pods',
    help: 'Pods of the pool that are not ready, draining ones included',
    value: (_, name, { conditions }) => conditions.notReady.get(name) ?? 0,
  },
  {
    name: 'smart_router_pool_oldest_drain_seconds',
    help: 'Time since the oldest drain of the pool began that still lasts; 0 where there is none',
    value: (_, name, { conditions }) => (conditions.oldestDrainsMs.get(name) ?? 0) / 1_000,
  },
];

interface FleetGauge {
  readonly name: string;
  readonly help: string;
  readonly ms: (counts: FleetGauges) => number | null;
}

/** In seconds, of the whole fleet. */
const FLEET_GAUGES: readonly FleetGauge[] = [
  {
    name: 'smart_router_store_latency_seconds',
    help: 'One round trip to the store, measured at the scrape',
    ms: ({ latencyMs }) => latencyMs,
  },
  {
    name: 'smart_router_oldest_call_age_seconds',
    help: 'Time since the oldest live call was granted; 0 where there is none',
    ms: ({ conditions }) => conditions.oldestCallMs,
  },
  {
    name: 'smart_router_oldest_drain_age_seconds',
    help: 'Time since the oldest drain began that still lasts; 0 where there is none',
    ms: ({ conditions }) => Math.max(0, ...conditions.oldestDrainsMs.values()),
  },
];

const ACTIVE_CALLS = 'smart_router_active_calls';
const READ_FAILURES = 'smart_router_fleet_read_failures_total';

const DEFAULT_TIMEOUT_MS = 1_000;

/**
 * Gauges whose value is read from the store when they are scraped, so that every replica reports the same.
 *
 * All gauges of one scrape share one read. Where it fails or takes longer than `timeoutMs`, the scrape continues with
 * no series of these gauges (rather than outdated ones), and `smart_router_fleet_read_failures_total` counts it.
 * Registering again replaces what an earlier module graph of the process registered.
 */
export function registerFleetGauges(
  registry: Registry,
  reader: Pick<FleetStatusReader, 'readGauges'>,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): void {
  for (const name of [READ_FAILURES, ACTIVE_CALLS, ...[...POOL_GAUGES, ...FLEET_GAUGES].map((gauge) => gauge.name)]) {
    registry.removeSingleMetric(name);
  }
  const failures = new Counter({
    name: READ_FAILURES,
    help: 'Scrapes that could not read the fleet from the store',
    registers: [registry],
    async collect() {
      // Waits, so that a scrape reports its own failure.
      await readCounts();
    },
  });
  const limit = { ms: timeoutMs, clock: systemClock, name: 'reading the fleet' };
  const readCounts = oneAtATime(async () => {
    try {
      return await withTimeout(() => reader.readGauges(), limit);
    } catch {
      // The failure itself is in the counter; a scrape must not fail for it.
      failures.inc();
      return null;
    }
  });
  registerActiveCalls(registry, readCounts);
  for (const gauge of FLEET_GAUGES) registerFleetGauge(registry, gauge, readCounts);
  for (const gauge of POOL_GAUGES) registerPoolGauge(registry, gauge, readCounts);
}

function registerActiveCalls(registry: Registry, readCounts: ReadCounts): void {
  new Gauge({
    name: ACTIVE_CALLS,
    help: 'Live calls',
    registers: [registry],
    async collect() {
      const counts = await readCounts();
      if (counts) this.set(counts.activeCalls);
      else this.remove();
    },
  });
}

function registerPoolGauge(registry: Registry, gauge: PoolGauge, readCounts: ReadCounts): void {
  new Gauge({
    name: gauge.name,
    help: gauge.help,
    labelNames: ['tier'],
    registers: [registry],
    async collect() {
      const counts = await readCounts();
      this.reset();
      if (!counts) return;
      for (const [tier, pool] of counts.pools) this.set({ tier }, gauge.value(pool, tier, counts));
    },
  });
}

function registerFleetGauge(registry: Registry, { name, help, ms }: FleetGauge, readCounts: ReadCounts): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      const counts = await readCounts();
      if (counts) this.set((ms(counts) ?? 0) / 1_000);
      else this.remove();
    },
  });
}

/** Callers that ask while an answer is under way share it. */
function oneAtATime<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () => {
    underWay ??= read().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
