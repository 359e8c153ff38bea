import { counter, gauge, histogram } from '@smart-router/metrics';

const LABELS = ['method', 'route', 'status'] as const;

const durations = histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from the arrival of a request to the end of its answer',
  labelNames: LABELS,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
});

const requests = counter({ name: 'http_requests_total', help: 'Answered requests', labelNames: LABELS });

interface BoundMetrics {
  readonly duration: { observe(seconds: number): void };
  readonly total: { inc(): void };
}

/** Counts and times answers. The metrics of a route, method and status are bound once and then only looked up. */
export class HttpMetrics {
  private readonly bound = new Map<string, BoundMetrics>();

  record(method: string, route: string, status: number, seconds: number): void {
    const metrics = this.metricsOf(method, route, status);
    metrics.duration.observe(seconds);
    metrics.total.inc();
  }

  private metricsOf(method: string, route: string, status: number): BoundMetrics {
    const key = `${method} ${status} ${route}`;
    const known = this.bound.get(key);
    if (known) return known;
    const labels = { method, route, status: String(status) };
    const metrics = { duration: durations.labels(labels), total: requests.labels(labels) };
    this.bound.set(key, metrics);
    return metrics;
  }
}

export type RefusalReason = 'missing_key' | 'unknown_key' | 'scope_too_small';

export const refusals = counter({
  name: 'smart_router_api_refusals_total',
  help: 'Requests that were refused for want of an API key',
  labelNames: ['reason'] as const,
});

export const authenticationEnabled = gauge({
  name: 'smart_router_api_authentication_enabled',
  help: 'Whether the API asks for a key: 0 where none is configured and everybody may do everything',
});

export type RateLimitName = 'api_key' | 'api_address' | 'webhook_address';

export const rateLimitedRequests = counter({
  name: 'smart_router_rate_limited_total',
  help: 'Requests that were rejected since their sender had sent too many',
  labelNames: ['limit'] as const,
});

export const shedRequests = counter({
  name: 'smart_router_requests_shed_total',
  help: 'Requests that were rejected since the event loop lagged behind',
  labelNames: ['kind'] as const,
});
