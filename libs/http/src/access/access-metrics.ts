import { counter, gauge } from '@smart-router/metrics';

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
