import { metricsIn } from './exposed-metrics';

it('finds metrics and their labels, also before their first series', () => {
  const text = `# HELP a_total text with b{c="d"}
# TYPE a_total counter
# TYPE b gauge
b 3
c{x="1",y="a, z=\\"2\\""} 1e-5
c{w=""} NaN
`;
  expect([...metricsIn(text)].map(([name, labels]) => [name, ...labels])).toEqual([
    ['a_total'],
    ['b'],
    ['c', 'x', 'y', 'w'],
  ]);
});
