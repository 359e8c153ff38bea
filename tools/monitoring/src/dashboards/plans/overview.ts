import { type DashboardPlan, metric, quantile, series, stat, sumOfRate, truth } from '../panels';

const FAILED = sumOfRate('', 'smart_router_allocations_total', 'status=~"no_capacity|error"');
const ALL = sumOfRate('', 'smart_router_allocations_total');

export const overview: DashboardPlan = {
  name: 'overview',
  title: 'Overview',
  description: 'Are callers served, will it last, and does somebody lead?',
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Live calls', 'Calls that hold a pod.', 'short', [
          `sum(${truth('namespace', 'smart_router_active_calls')})`,
          'calls',
        ]),
        stat('Callers served', 'Share of the calls that got a pod.', 'percentunit', [
          `1 - ${FAILED} / ${ALL}`,
          'served',
        ]),
        stat('Slowest in a hundred', '99th percentile of the time until a pod is given.', 's', [
          quantile(0.99, '', 'smart_router_allocation_duration_seconds'),
          'p99',
        ]),
        stat('Alerts', 'Alerts of Smart Router that fire.', 'short', [
          'count(ALERTS{alertname=~"SmartRouter.+", alertstate="firing", namespace=~"$namespace"}) or vector(0)',
          'firing',
        ]),
        stat('Leaders', 'One, but for seconds.', 'short', [
          `sum by (namespace) (${metric('smart_router_leader_status')})`,
          '{{namespace}}',
        ]),
        stat('Processes', 'Processes that Prometheus sees, by what they run.', 'short', [
          `count by (app, version) (${metric('smart_router_build_info')})`,
          '{{app}} {{version}}',
        ]),
        stat('Store', 'The slowest round trip of a process to Redis.', 's', [
          `max(${metric('smart_router_store_latency_seconds')})`,
          'round trip',
        ]),
        stat('Pools without room', 'Pools that have pods, of which none can take a call.', 'short', [
          `count(${truth('namespace, tier', 'smart_router_pool_available_pods')} == 0 and ` +
            `${truth('namespace, tier', 'smart_router_pool_assigned_pods')} > 0) or vector(0)`,
          'pools',
        ]),
      ],
    },
    {
      title: 'Calls and room',
      panels: [
        series('Allocations', 'Answers to the question for a pod.', 'reqps', [
          sumOfRate('status', 'smart_router_allocations_total'),
          '{{status}}',
        ]),
        series('Why callers get no pod', 'By the first pool of their chain and what came nearest to a pod.', 'reqps', [
          sumOfRate('tier, reason', 'smart_router_refusals_total'),
          '{{tier}}: {{reason}}',
        ]),
        series('Use of the pools', 'Live calls of what the pods of a pool can hold.', 'percentunit', [
          `${truth('namespace, tier', 'smart_router_pool_active_calls')} / ${truth('namespace, tier', 'smart_router_pool_capacity_calls')}`,
          '{{tier}}',
        ]),
        series('Pods with room', 'Pods that can take a call now.', 'short', [
          truth('namespace, tier', 'smart_router_pool_available_pods'),
          '{{tier}}',
        ]),
      ],
    },
  ],
};
