export { startMetricsServer, type MetricsServer } from './metrics-server';
export { recoveredPanics } from './recovered-panics';
export { collectProcessMetrics, Counter, counter, Gauge, gauge, Histogram, histogram, registry } from './registry';
