import { counter, gauge } from '@smart-router/metrics';
import { STATUSES } from '../component-definition';
import type { ComponentSnapshot, StartupObserver } from '../startup-observer';

const BREAKER_VALUES = { closed: 0, 'half-open': 1, open: 2 } as const;

/** The metrics of this library, in the one registry of the process. */
export function startupMetrics(): StartupObserver {
  const state = gauge({
    name: 'smart_router_startup_component_state',
    help: '1 for the state that a component of the process is in, 0 for the others',
    labelNames: ['component', 'state'],
  });
  const duration = gauge({
    name: 'smart_router_startup_component_duration_seconds',
    help: 'How long the start of a component took, with its retries',
    labelNames: ['component'],
  });
  const retries = gauge({
    name: 'smart_router_startup_component_retries',
    help: 'Attempts after the first one that the start of a component took',
    labelNames: ['component'],
  });
  const breaker = gauge({
    name: 'smart_router_startup_breaker_state',
    help: 'Circuit breaker of a component: 0 closed, 1 half-open, 2 open',
    labelNames: ['component'],
  });
  const failures = counter({
    name: 'smart_router_startup_attempts_failed_total',
    help: 'Attempts to start a component that failed',
    labelNames: ['component'],
  });
  const show = ({ name: component, status, ...snapshot }: ComponentSnapshot): void => {
    for (const one of STATUSES) state.set({ component, state: one }, one === status ? 1 : 0);
    duration.set({ component }, snapshot.durationMs / 1000);
    retries.set({ component }, snapshot.retries);
    breaker.set({ component }, BREAKER_VALUES[snapshot.breaker]);
  };
  return {
    changed: show,
    attemptBegan: show,
    attemptFailed: (component) => {
      failures.inc({ component: component.name });
      show(component);
    },
    cleanupFailed: show,
  };
}
