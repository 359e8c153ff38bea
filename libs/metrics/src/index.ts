export { startMetricsServer, type MetricsServer } from './metrics-server';
export {
  collectProcessMetrics,
  Counter,
  counter,
  Gauge,
  gauge,
  Histogram,
  histogram,
  recoveredPanics,
  registry,
} from './registry';
