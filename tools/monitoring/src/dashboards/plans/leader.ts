import { type DashboardPlan, metric, quantile, series, sumOfRate } from '../panels';

export const leader: DashboardPlan = {
  name: 'leader',
  title: 'Leader and reconcile',
  description: 'Who leads, and whether pods and store agree.',
  rows: [
    {
      title: 'Leadership',
      panels: [
        series('Who leads', '1 for the process that leads.', 'bool', [
          metric('smart_router_leader_status'),
          '{{instance}}',
        ]),
        series('Epoch', 'Each term has a higher one; 0 for those that do not lead.', 'short', [
          metric('smart_router_leader_epoch'),
          '{{instance}}',
        ]),
        series('Attempts', 'To take or keep the lease.', 'ops', [
          sumOfRate('outcome', 'smart_router_leader_attempts_total'),
          '{{outcome}}',
        ]),
        series('Terms that ended', 'By reason, in an hour.', 'short', [
          `sum by (reason) (increase(${metric('smart_router_leader_terms_ended_total')}[1h]))`,
          '{{reason}}',
        ]),
      ],
    },
    {
      title: 'Pods and store',
      panels: [
        series('Comparisons', 'Of pods and store.', 'ops', [
          sumOfRate('outcome', 'smart_router_reconcile_duration_seconds_count'),
          '{{outcome}}',
        ]),
        series('Slowest in a hundred', 'How long a comparison takes.', 's', [
          quantile(0.99, 'outcome', 'smart_router_reconcile_duration_seconds'),
          '{{outcome}}',
        ]),
        series('What was put right', 'Pods and pools, by action.', 'ops', [
          sumOfRate('action', 'smart_router_reconcile_drift_pods_total'),
          '{{action}}',
        ]),
        series('Calls that the leader ended', 'By reason.', 'ops', [
          sumOfRate('reason', 'smart_router_leader_ended_calls_total'),
          '{{reason}}',
        ]),
        series('Held back calls', 'Their lease ran out, and the leader does not believe it.', 'short', [
          metric('smart_router_held_back_calls'),
          '{{instance}}',
        ]),
        series('Tier config', 'Version in force. All processes have the same.', 'short', [
          metric('smart_router_config_version'),
          '{{instance}}',
        ]),
      ],
    },
    {
      title: 'Kubernetes',
      panels: [
        series('Age of the watch', 'Time since the API server was last heard. Above 90 seconds an alert fires.', 's', [
          metric('smart_router_watch_last_event_age_seconds'),
          '{{instance}}',
        ]),
        series('Failed requests', 'To the API server.', 'ops', [
          sumOfRate('verb, resource, outcome', 'smart_router_kubernetes_api_failures_total'),
          '{{verb}} {{resource}}: {{outcome}}',
        ]),
        series('Watches begun again', 'By reason.', 'ops', [
          sumOfRate('reason', 'smart_router_watch_restarts_total'),
          '{{reason}}',
        ]),
      ],
    },
  ],
};
