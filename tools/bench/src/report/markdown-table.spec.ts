import { BenchReport } from './bench-report';
import { formatNumber, markdownTable, progressLine } from './markdown-table';

const report = (): BenchReport => {
  const result = new BenchReport(() => undefined);
  result.add('A', 'cycles/s at 64', '1/s', [1000, 1200, 1100]);
  result.add('A', 'against F1', 'ratio', [0.6, 0.7, 0.8], 'throughput against F1');
  result.add('K', 'start', 'ms', [1500], 'start');
  return result;
};

describe('BenchReport', () => {
  it('gives a verdict on the median when there is a criterion', () => {
    expect(report().lines.map(({ verdict }) => verdict)).toEqual([null, 'pass', 'miss']);
  });

  it('reports a line as soon as it is added', () => {
    const recorded: string[] = [];
    const live = new BenchReport(({ what }) => recorded.push(what));
    live.add('F', 'burst', 'ms', [1]);

    expect(recorded).toEqual(['burst']);
  });
});

describe('markdownTable', () => {
  it('shows median, spread, goals and verdict in columns of equal width', () => {
    expect(markdownTable(report().lines).split('\n')).toEqual([
      '| Row | Measured       | Median | Lowest to highest | Unit  | Pass   | Aim    | Verdict |',
      '| --- | -------------- | -----: | ----------------: | ----- | ------ | ------ | ------- |',
      '| A   | cycles/s at 64 |   1100 |      1000 to 1200 | 1/s   |        |        |         |',
      '| A   | against F1     |    0.7 |        0.6 to 0.8 | ratio | ≥ 0.65 | ≥ 0.75 | pass    |',
      '| K   | start          |   1500 |                   | ms    | ≤ 600  | ≤ 400  | miss    |',
    ]);
  });
});

describe('progressLine', () => {
  it('names row, measure, median and verdict', () => {
    expect(report().lines.map(progressLine)[1]).toBe('A  against F1: 0.7 ratio [pass]');
  });
});

describe('formatNumber', () => {
  it.each([
    [1234.56, '1235'],
    [99.95, '100'],
    [12.345, '12.3'],
    [0.012345, '0.0123'],
    [1, '1'],
    [0, '0'],
    [NaN, 'NaN'],
  ])('shows %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
