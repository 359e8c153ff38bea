export { API_PREFIX } from './api-prefix';
export { createApp, type AppContent } from './create-app';
export { DrainState } from './health/drain-state';
export { HealthModule } from './health/health.module';
export { Liveness } from './health/liveness';
export { ReadinessChecks, type HealthDetail, type ReadinessCheck } from './health/readiness-checks';
export { startApp, type AppDefinition } from './start-app';
