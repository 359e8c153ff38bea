import { registry } from '@smart-router/metrics';
import { startupMetrics } from './startup-metrics';

const component = {
  name: 'store',
  priority: 'CRITICAL',
  durationMs: 1500,
  retries: 2,
  error: null,
  dependencies: [],
  sinceMs: 0,
} as const;

describe('startupMetrics', () => {
  const observer = startupMetrics();

  it('shows that a breaker lets a probe through', async () => {
    observer.attemptBegan({ ...component, name: 'cluster', status: 'DEGRADED', breaker: 'half-open' });
    expect(await registry.metrics()).toContain('smart_router_startup_breaker_state{component="cluster"} 1');
  });

  it('shows the one state that a component is in, its retries and its breaker', async () => {
    observer.attemptFailed({ ...component, status: 'RUNNING', breaker: 'open' });
    observer.changed({ ...component, status: 'SUCCESS', breaker: 'closed' }, 'RUNNING');
    const text = await registry.metrics();
    expect(text).toContain('smart_router_startup_component_state{component="store",state="SUCCESS"} 1');
    expect(text).toContain('smart_router_startup_component_state{component="store",state="RUNNING"} 0');
    expect(text).toContain('smart_router_startup_component_duration_seconds{component="store"} 1.5');
    expect(text).toContain('smart_router_startup_component_retries{component="store"} 2');
    expect(text).toContain('smart_router_startup_breaker_state{component="store"} 0');
    expect(text).toContain('smart_router_startup_attempts_failed_total{component="store"} 1');
  });
});
