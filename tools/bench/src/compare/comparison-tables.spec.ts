import { comparisonTables, type Sample, sampleLine } from './comparison-tables';

const sample = (apiCpu: number, cycles: number): Sample => ({
  ...{ apiCpu, cycles },
  ...{ redisCpu: 1, p50: 2, p99: 3, memory: 100 },
});

const samples = {
  this: [sample(1, 2000), sample(2, 1000), sample(1, 1500)],
  other: [sample(2, 1000), sample(2, 1000), sample(4, 500)],
  F1: [sample(1, 4000), sample(1, 4000), sample(1, 4000)],
};

const rowsOf = (start: string): string[] =>
  comparisonTables(samples)
    .split('\n')
    .filter((row) => row.startsWith(start))
    .map((row) => row.replaceAll(/ +/g, ' '));

describe('comparisonTables', () => {
  it('shows what each participant needed, and the ratio of the first to each other, pair by pair', () => {
    expect(rowsOf('| processor time of the API')).toEqual([
      '| processor time of the API | s | this | 1 | 1 | 1 to 2 |',
      '| processor time of the API | s | other | 2 | 2 | 2 to 4 |',
      '| processor time of the API | s | F1 | 1 | 1 | 1 to 1 |',
      '| processor time of the API | this / other | 0.5 | 0.5 | 0.25 to 1 |',
      '| processor time of the API | this / F1 | 1 | 1 | 1 to 2 |',
    ]);
  });

  it('takes the fastest fifth of a rate for the best one', () => {
    expect(rowsOf('| cycles')).toContain('| cycles | this / other | 2 | 1.8 | 1 to 3 |');
  });
});

describe('sampleLine', () => {
  it('names round, participant and every measure', () => {
    expect(sampleLine(0, 'this', sample(1.5, 2000))).toBe(
      'round 1  this     processor time of the API 1.5 s, processor time of Redis 1 s, cycles 2000 1/s, ' +
        'allocate p50 2 ms, allocate p99 3 ms, resident memory 100 MB',
    );
  });
});
