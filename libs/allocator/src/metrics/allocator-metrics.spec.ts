import { registry } from '@smart-router/metrics';
import { allocatorMetrics } from './allocator-metrics';

describe('allocatorMetrics', () => {
  beforeEach(() => registry.clear());

  it('counts allocations by pool and status, and observes time and depth', async () => {
    const metrics = allocatorMetrics();
    metrics.allocationFinished({ status: 'allocated', pool: 'pool:gold', durationMs: 2, chainDepth: 1 });
    metrics.allocationFinished({ status: 'allocated', pool: 'pool:gold', durationMs: 4, chainDepth: 3 });
    metrics.allocationFinished({ status: 'call_ended', pool: null, durationMs: 1, chainDepth: null });
    const text = await registry.metrics();

    expect(text).toContain('smart_router_allocations_total{pool="pool:gold",status="allocated"} 2\n');
    expect(text).toContain('smart_router_allocations_total{pool="none",status="call_ended"} 1\n');
    expect(text).toContain('smart_router_allocation_duration_seconds_count 3\n');
    expect(text).toContain('smart_router_allocation_duration_seconds_bucket{le="0.0025"} 2\n');
    expect(text).toContain('smart_router_allocation_chain_depth_sum 4\n');
    expect(text).toContain('smart_router_allocation_chain_depth_count 2\n');
  });

  it('counts refusals by the first pool and the reason, pools that nobody knows as one', async () => {
    const metrics = allocatorMetrics();
    metrics.callRefused({ firstPool: 'gold', reason: 'full' });
    metrics.callRefused({ firstPool: null, reason: 'unknown_pool' });
    const text = await registry.metrics();

    expect(text).toContain('smart_router_refusals_total{tier="gold",reason="full"} 1\n');
    expect(text).toContain('smart_router_refusals_total{tier="other",reason="unknown_pool"} 1\n');
  });

  it('counts releases by pool and status, and drains', async () => {
    const metrics = allocatorMetrics();
    metrics.releaseFinished({ status: 'released', pool: 'merchant:acme' });
    metrics.releaseFinished({ status: 'unknown_call', pool: null });
    metrics.podDrained();
    const text = await registry.metrics();

    expect(text).toContain('smart_router_releases_total{pool="merchant:acme",status="released"} 1\n');
    expect(text).toContain('smart_router_releases_total{pool="none",status="unknown_call"} 1\n');
    expect(text).toContain('smart_router_drains_total 1\n');
  });
});
