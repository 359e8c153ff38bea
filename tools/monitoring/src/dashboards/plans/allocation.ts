import { type DashboardPlan, quantile, rate, series, sumOfRate } from '../panels';

const DURATION = 'smart_router_allocation_duration_seconds';
const DEPTH = 'smart_router_allocation_chain_depth';

export const allocation: DashboardPlan = {
  name: 'allocation',
  title: 'Allocation',
  description: 'What callers and providers ask, how fast they are answered, and what is refused.',
  rows: [
    {
      title: 'Calls',
      panels: [
        series('Allocations', 'By what became of them.', 'reqps', [
          sumOfRate('status', 'smart_router_allocations_total'),
          '{{status}}',
        ]),
        series('Pools that gave a pod', 'Where calls were placed.', 'reqps', [
          sumOfRate('pool', 'smart_router_allocations_total', 'status="allocated"'),
          '{{pool}}',
        ]),
        series(
          'Time to a pod',
          'From the question to the answer of the store.',
          's',
          [quantile(0.5, '', DURATION), 'p50'],
          [quantile(0.9, '', DURATION), 'p90'],
          [quantile(0.99, '', DURATION), 'p99'],
        ),
        series(
          'Pools tried',
          'On average, until a pod was found or the chain ended. 1: the first one had room.',
          'short',
          [`sum(${rate(`${DEPTH}_sum`)}) / sum(${rate(`${DEPTH}_count`)})`, 'pools'],
        ),
        series('Releases', 'Ends of calls, by what became of them.', 'reqps', [
          sumOfRate('status', 'smart_router_releases_total'),
          '{{status}}',
        ]),
        series('Calls nobody released', 'Ended because their lease ran out.', 'reqps', [
          sumOfRate('namespace', 'smart_router_zombies_recovered_total'),
          '{{namespace}}',
        ]),
      ],
    },
    {
      title: 'Providers',
      panels: [
        series('Webhooks', 'By provider and result.', 'reqps', [
          sumOfRate('provider, result', 'smart_router_webhooks_total'),
          '{{provider}}: {{result}}',
        ]),
        series('Refused signatures', 'Senders that could not be verified.', 'reqps', [
          sumOfRate('provider, reason', 'smart_router_signature_failures_total'),
          '{{provider}}: {{reason}}',
        ]),
      ],
    },
    {
      title: 'HTTP',
      panels: [
        series('Requests', 'By route and status.', 'reqps', [
          sumOfRate('route, status', 'http_requests_total'),
          '{{status}} {{route}}',
        ]),
        series('Slowest in a hundred', '99th percentile by route.', 's', [
          quantile(0.99, 'route', 'http_request_duration_seconds'),
          '{{route}}',
        ]),
        series(
          'Rejected',
          'Requests that met a limit, or a process that could not keep up.',
          'reqps',
          [sumOfRate('limit', 'smart_router_rate_limited_total'), 'limit: {{limit}}'],
          [sumOfRate('kind', 'smart_router_requests_shed_total'), 'overload: {{kind}}'],
        ),
        series('Refused keys', 'Requests without a key that may do this.', 'reqps', [
          sumOfRate('reason', 'smart_router_api_refusals_total'),
          '{{reason}}',
        ]),
      ],
    },
  ],
};
