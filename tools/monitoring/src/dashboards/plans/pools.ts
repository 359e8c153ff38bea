import { type DashboardPlan, series, sumOfRate, truth } from '../panels';

const ofPool = (name: string): string => truth('namespace, tier', `smart_router_pool_${name}`);
const TIER = '{{tier}}';

export const pools: DashboardPlan = {
  name: 'pools',
  title: 'Pools and tiers',
  description: 'How large each pool is, how full, and what keeps its pods from taking calls.',
  rows: [
    {
      title: 'Room',
      panels: [
        series('Live calls', 'Calls on pods of the pool.', 'short', [ofPool('active_calls'), TIER]),
        series('Use', 'Live calls of what the pods can hold. Above 85 % an alert fires.', 'percentunit', [
          `${ofPool('active_calls')} / ${ofPool('capacity_calls')}`,
          TIER,
        ]),
        series('Pods with room', 'Pods that can take a call now.', 'short', [ofPool('available_pods'), TIER]),
        series('Refused callers', 'Callers whose chain begins with this tier and who got no pod.', 'reqps', [
          sumOfRate('tier, reason', 'smart_router_refusals_total'),
          '{{tier}}: {{reason}}',
        ]),
      ],
    },
    {
      title: 'Pods',
      panels: [
        series('Pods', 'Pods of the pool.', 'short', [ofPool('assigned_pods'), TIER]),
        series('Missing pods', 'Pods that the tier config wants and the pool does not have.', 'short', [
          `clamp_min(${ofPool('target_pods')} - ${ofPool('assigned_pods')}, 0)`,
          TIER,
        ]),
        series('Draining pods', 'They take no calls, and keep those that they have.', 'short', [
          ofPool('draining_pods'),
          TIER,
        ]),
        series('Oldest drain', 'How long the oldest drain of the pool lasts. Above an hour an alert fires.', 's', [
          ofPool('oldest_drain_seconds'),
          TIER,
        ]),
        series('Pods that are not ready', 'Draining ones included.', 'short', [ofPool('not_ready_pods'), TIER]),
        series('Oldest call', 'A call that is older than any real one was never released.', 's', [
          truth('namespace', 'smart_router_oldest_call_age_seconds'),
          '{{namespace}}',
        ]),
      ],
    },
  ],
};
