import { collectProcessMetrics, counter, gauge, histogram, registry } from './registry';

afterEach(() => registry.clear());

it('gives the same metric for the same name, so that a second module graph continues counting', async () => {
  const first = counter({ name: 'calls_total', help: 'Calls', labelNames: ['pool'] as const });
  const second = counter({ name: 'calls_total', help: 'Calls', labelNames: ['pool'] as const });
  first.labels('gold').inc();
  second.labels('gold').inc();
  expect(await registry.metrics()).toContain('calls_total{pool="gold"} 2');
});

it('asks a gauge for its value at each scrape', async () => {
  let live = 3;
  gauge({
    name: 'live_calls',
    help: 'Live calls',
    collect() {
      this.set(live);
    },
  });
  expect(await registry.metrics()).toContain('live_calls 3');
  live = 5;
  expect(await registry.metrics()).toContain('live_calls 5');
});

it('observes into the buckets that were named', async () => {
  histogram({ name: 'wait_seconds', help: 'Wait', buckets: [0.1, 1] }).observe(0.5);
  const text = await registry.metrics();
  expect(text).toContain('wait_seconds_bucket{le="0.1"} 0');
  expect(text).toContain('wait_seconds_bucket{le="1"} 1');
});

it('collects the metrics of the process once, however often it is asked', async () => {
  collectProcessMetrics();
  collectProcessMetrics();
  const text = await registry.metrics();
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).toContain('nodejs_active_resources');
  // It can abort the process.
  expect(text).not.toContain('nodejs_active_handles');
});
