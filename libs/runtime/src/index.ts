export { createApp } from './create-app';
export { DrainState } from './health/drain-state';
export { HealthModule } from './health/health.module';
export { Liveness } from './health/liveness';
export { ReadinessChecks } from './health/readiness-checks';
export { startApp } from './start-app';
