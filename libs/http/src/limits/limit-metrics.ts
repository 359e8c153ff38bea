import { counter } from '@smart-router/metrics';

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
