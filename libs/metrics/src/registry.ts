import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  register,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
  type Metric,
} from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';

/** The one registry of the process. */
export const registry = register;

/** A second module graph in the same process, as tests build it, continues with the metric of the first. */
function known<M extends Metric>(name: string): M | undefined {
  return register.getSingleMetric(name) as M | undefined;
}

/**
 * A counter of the one registry; the same name gives the same counter. On a hot path bind the labels ahead:
 * `const ok = allocations.labels('gold', 'ok')`, then `ok.inc()`.
 */
export function counter<L extends string = never>(config: CounterConfiguration<L>): Counter<L> {
  return known<Counter<L>>(config.name) ?? new Counter(config);
}

/** A gauge of the one registry; its `collect` runs at each scrape, so that the value is the truth of that moment. */
export function gauge<L extends string = never>(config: GaugeConfiguration<L>): Gauge<L> {
  return known<Gauge<L>>(config.name) ?? new Gauge(config);
}

/** A histogram of the one registry; give buckets in seconds for times. */
export function histogram<L extends string = never>(config: HistogramConfiguration<L>): Histogram<L> {
  return known<Histogram<L>>(config.name) ?? new Histogram(config);
}

/**
 * Read through `process._getActiveHandles()`, which aborts the process when it meets a handle whose object was collected
 * (`Assertion failed: !obj.IsEmpty()`, Node 24). `nodejs_active_resources` has the same from a supported call.
 */
const UNSAFE = [
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
];

/** Memory, event loop and garbage collection of this process; safe to repeat. */
export function collectProcessMetrics(): void {
  if (known('process_cpu_seconds_total')) return;
  collectDefaultMetrics();
  for (const name of UNSAFE) register.removeSingleMetric(name);
}

/** Unexpected errors that were caught at the edge of the process: each one is a fault to look into. */
export const recoveredPanics = counter({
  name: 'smart_router_panics_recovered_total',
  help: 'Unexpected errors that were answered with 500 or logged instead of ending the process',
});
