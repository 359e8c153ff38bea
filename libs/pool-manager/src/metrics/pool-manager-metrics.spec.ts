import { registry } from '@smart-router/metrics';
import { leaderMetrics } from './pool-manager-metrics';

describe('leaderMetrics', () => {
  afterEach(() => registry.clear());

  it('returns zeros before anything has happened', async () => {
    leaderMetrics();
    const text = await registry.metrics();
    expect(text).toContain('smart_router_leader_status 0');
    expect(text).toContain('smart_router_zombies_recovered_total 0');
    expect(text).toContain('smart_router_reconcile_duration_seconds_count{outcome="failed"} 0');
    expect(text).toContain('smart_router_reconcile_drift_pods_total{action="evicted"} 0');
    expect(text).toContain('smart_router_leader_ended_calls_total{reason="pod-removed"} 0');
  });

  it('returns epoch and status of the term while it lasts', async () => {
    const metrics = leaderMetrics();
    metrics.leading(7);
    expect(await registry.metrics()).toContain('smart_router_leader_status 1');
    expect(await registry.metrics()).toContain('smart_router_leader_epoch 7');
    metrics.leading(null);
    expect(await registry.metrics()).toContain('smart_router_leader_status 0');
    expect(await registry.metrics()).toContain('smart_router_leader_epoch 0');
  });

  it('counts only calls whose lease ran out as zombies', async () => {
    const metrics = leaderMetrics();
    metrics.callsEnded('pod-removed', 2);
    metrics.callsEnded('lease-expired', 3);
    const text = await registry.metrics();
    expect(text).toContain('smart_router_zombies_recovered_total 3');
    expect(text).toContain('smart_router_leader_ended_calls_total{reason="pod-removed"} 2');
    expect(text).toContain('smart_router_leader_ended_calls_total{reason="lease-expired"} 3');
  });

  it('returns the duration of a run in seconds', async () => {
    leaderMetrics().reconciled('completed', 250);
    expect(await registry.metrics()).toContain('smart_router_reconcile_duration_seconds_sum{outcome="completed"} 0.25');
  });
});
