import { Registry } from 'prom-client';
import { StoreUnavailableError, type FleetStats } from '@smart-router/routing-store';
import { FleetStatusReader } from '../domain/fleet-status-reader';
import { sampleSources, sampleStore, type StoreAnswers } from '../testing/sample-fleet';
import { registerFleetGauges } from './fleet-gauges';

function scrapeOf(store: Partial<StoreAnswers>, timeoutMs?: number) {
  const registry = new Registry();
  registerFleetGauges(registry, new FleetStatusReader(sampleSources(store)), timeoutMs);
  return () => registry.metrics();
}

const FLEET_SERIES = /^smart_router_(active_calls|pool_|oldest_|store_latency)/m;

describe('registerFleetGauges', () => {
  it('returns the counts of the store when scraped', async () => {
    const text = await scrapeOf({})();
    expect(text).toContain('smart_router_active_calls 1');
    expect(text).toContain('smart_router_pool_available_pods{tier="gold"} 1');
    expect(text).toContain('smart_router_pool_assigned_pods{tier="gold"} 2');
    expect(text).toContain('smart_router_pool_capacity_calls{tier="gold"} 2');
    expect(text).toContain('smart_router_pool_target_pods{tier="merchant:acme"} 3');
    expect(text).toContain('smart_router_pool_active_calls{tier="gold"} 1');
    expect(text).toContain('smart_router_pool_draining_pods{tier="gold"} 0');
    expect(text).toContain('smart_router_pool_not_ready_pods{tier="gold"} 1');
    expect(text).toContain('smart_router_pool_not_ready_pods{tier="basic"} 0');
    expect(text).toContain('smart_router_oldest_call_age_seconds 90.5');
    expect(text).toContain('smart_router_pool_oldest_drain_seconds{tier="gold"} 61.5');
    expect(text).toContain('smart_router_pool_oldest_drain_seconds{tier="basic"} 0');
    expect(text).toContain('smart_router_oldest_drain_age_seconds 90\n');
    expect(text).toContain('smart_router_store_latency_seconds 0.002');
  });

  it('returns zeros for pools of the config when the store has no pods for them', async () => {
    const text = await scrapeOf({})();
    expect(text).toContain('smart_router_pool_assigned_pods{tier="merchant:acme"} 0');
  });

  it('reads the store once when all gauges are scraped', async () => {
    let reads = 0;
    const scrape = scrapeOf({
      fleetStats: () => {
        reads += 1;
        return sampleStore().reader.fleetStats();
      },
    });
    await scrape();
    expect(reads).toBe(1);
    await scrape();
    expect(reads).toBe(2);
  });

  it('returns no series of a pool when the pool has vanished', async () => {
    const { pools, ...rest } = await sampleStore().reader.fleetStats();
    const answers: FleetStats[] = [{ ...rest, pools: pools.map((pool) => ({ ...pool, pool: 'removed' })) }];
    const scrape = scrapeOf({ fleetStats: async () => answers.shift() ?? { ...rest, pools } });
    expect(await scrape()).toContain('tier="removed"');
    expect(await scrape()).not.toContain('tier="removed"');
  });

  it('returns no series and counts a failure when the store cannot be reached', async () => {
    const answers = [sampleStore().reader.fleetStats];
    const scrape = scrapeOf({
      fleetStats: async () => {
        const answer = answers.shift();
        if (!answer) throw new StoreUnavailableError('connection refused');
        return answer();
      },
    });
    expect(await scrape()).toMatch(FLEET_SERIES);
    const text = await scrape();
    expect(text).not.toMatch(FLEET_SERIES);
    expect(text).toContain('smart_router_fleet_read_failures_total 1');
  });

  it('returns no series and counts a failure when the conditions cannot be read', async () => {
    const text = await scrapeOf({ fleetConditions: () => Promise.reject(new StoreUnavailableError('away')) })();
    expect(text).not.toMatch(FLEET_SERIES);
    expect(text).toContain('smart_router_fleet_read_failures_total 1');
  });

  it('returns the truth of the later store when registered twice', async () => {
    const registry = new Registry();
    registerFleetGauges(registry, new FleetStatusReader(sampleSources()));
    const busier = { ...(await sampleStore().reader.fleetStats()), activeCalls: 9 };
    registerFleetGauges(registry, new FleetStatusReader(sampleSources({ fleetStats: async () => busier })));
    expect(await registry.metrics()).toContain('smart_router_active_calls 9');
  });

  it('returns without series when the store does not answer in time', async () => {
    const text = await scrapeOf({ fleetStats: () => new Promise(() => undefined) }, 5)();
    expect(text).not.toMatch(FLEET_SERIES);
    expect(text).toContain('smart_router_fleet_read_failures_total 1');
  });
});
