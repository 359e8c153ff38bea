export { startMetricsServer, type MetricsServer } from './metrics-server';
export { Counter, counter, Gauge, gauge, histogram, recoveredPanics, registry } from './registry';
