import { namesIn } from './promql';

it('finds metrics with their labels, and what is kept', () => {
  const expression = `histogram_quantile(0.99, sum by (namespace, le) (rate(a_seconds_bucket{tier!="b_c",x=~"y|z"}[5m])))
    and on (job) count by (job) (last_over_time(b_info[1d])) unless up == 0`;
  expect(namesIn(expression)).toEqual({
    selectors: [
      { metric: 'a_seconds_bucket', labels: ['tier', 'x'] },
      { metric: 'b_info', labels: [] },
      { metric: 'up', labels: [] },
    ],
    grouping: ['namespace', 'le', 'job'],
  });
});
