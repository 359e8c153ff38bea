import { Counter, Gauge, type registry as metricsRegistry } from '@smart-router/metrics';
import { withinDeadline } from '@smart-router/scheduling';
import type { PoolStatus } from '../domain/describe-fleet';
import type { FleetPools, FleetStatusReader } from '../domain/fleet-status-reader';

type Registry = typeof metricsRegistry;
type ReadCounts = () => Promise<FleetPools | null>;

interface PoolGauge {
  readonly name: string;
  readonly help: string;
  readonly value: (pool: PoolStatus) => number;
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
];

const ACTIVE_CALLS = 'smart_router_active_calls';
const READ_FAILURES = 'smart_router_fleet_read_failures_total';

const DEFAULT_TIMEOUT_MS = 1_000;

/**
 * Gauges whose value is read from the store when they are scraped, so that every replica tells the same truth.
 *
 * All gauges of one scrape share one read. Where it fails or takes longer than `timeoutMs`, the scrape goes on with
 * no series of these gauges (rather than outdated ones), and `smart_router_fleet_read_failures_total` counts it.
 * Registering again replaces what an earlier module graph of the process registered.
 */
export function registerFleetGauges(
  registry: Registry,
  reader: Pick<FleetStatusReader, 'readPools'>,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): void {
  for (const name of [READ_FAILURES, ACTIVE_CALLS, ...POOL_GAUGES.map((gauge) => gauge.name)]) {
    registry.removeSingleMetric(name);
  }
  const failures = new Counter({
    name: READ_FAILURES,
    help: 'Scrapes that could not read the fleet from the store',
    registers: [registry],
    async collect() {
      // Waits, so that a scrape tells of its own failure.
      await readCounts();
    },
  });
  const readCounts = oneAtATime(async () => {
    try {
      return await withinDeadline(reader.readPools(), timeoutMs);
    } catch {
      // The failure itself is told by the counter; a scrape must not fail for it.
      failures.inc();
      return null;
    }
  });
  registerActiveCalls(registry, readCounts);
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
      for (const [tier, pool] of counts?.pools ?? []) this.set({ tier }, gauge.value(pool));
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
