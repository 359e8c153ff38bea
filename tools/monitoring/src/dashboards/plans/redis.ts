import { type DashboardPlan, metric, series, stat, sumOfRate } from '../panels';

const inAnHour = (name: string, by: string): string => `sum by (${by}) (increase(${metric(name)}[1h]))`;

export const redis: DashboardPlan = {
  name: 'redis',
  title: 'Redis',
  description: 'How the processes see their store, and what a loss has cost.',
  rows: [
    {
      title: 'Now',
      panels: [
        stat('May evict', '1: Redis may throw live calls away.', 'short', [
          `max by (namespace) (${metric('smart_router_store_eviction_possible')})`,
          '{{namespace}}',
        ]),
        stat('Wrong Redis', "1: a process found another installation's data.", 'short', [
          `max by (namespace) (${metric('smart_router_store_wrong_instance')})`,
          '{{namespace}}',
        ]),
        stat('Calls held', '1: after a loss, until all processes have replayed what they know.', 'short', [
          `max by (namespace) (${metric('smart_router_store_calls_held')})`,
          '{{namespace}}',
        ]),
        stat('Given twice', 'Pods that two callers believe to have, in an hour.', 'short', [
          inAnHour('smart_router_double_grants_total', 'namespace'),
          '{{namespace}}',
        ]),
      ],
    },
    {
      title: 'Connection',
      panels: [
        series('Round trip', 'Measured at each scrape.', 's', [
          metric('smart_router_store_latency_seconds'),
          '{{instance}}',
        ]),
        series('Scrapes without the store', 'Processes that cannot read it.', 'ops', [
          sumOfRate('instance', 'smart_router_fleet_read_failures_total'),
          '{{instance}}',
        ]),
        series('Connections opened again', 'In an hour.', 'short', [
          inAnHour('smart_router_redis_reopens_total', 'instance, connection'),
          '{{instance}} {{connection}}',
        ]),
        series('Unconfirmed changes', 'Too few replicas had them in time.', 'ops', [
          sumOfRate('instance', 'smart_router_store_unconfirmed_writes_total'),
          '{{instance}}',
        ]),
      ],
    },
    {
      title: 'Losses',
      panels: [
        series('Restarts and failovers', 'As each process saw them, in an hour.', 'short', [
          inAnHour('smart_router_store_era_changes_total', 'instance'),
          '{{instance}}',
        ]),
        series('Emptied', 'As each process saw it, in an hour.', 'short', [
          inAnHour('smart_router_store_emptied_total', 'instance'),
          '{{instance}}',
        ]),
        series('Replayed grants', 'By what became of them, in an hour.', 'short', [
          inAnHour('smart_router_reasserted_grants_total', 'outcome'),
          '{{outcome}}',
        ]),
        series('Foreign keys', "Other programs' keys under our names, in an hour.", 'short', [
          inAnHour('smart_router_store_foreign_keys_total', 'result'),
          '{{result}}',
        ]),
      ],
    },
  ],
};
