/** What a measure must reach, and what it should. */
export interface Criterion {
  readonly better: 'higher' | 'lower';
  readonly pass: number;
  readonly aim?: number;
}

export type Verdict = 'aim' | 'pass' | 'miss';

/** The measures that decide. All others are shown for orientation. */
export const CRITERIA = {
  'throughput against F1': { better: 'higher', pass: 0.65, aim: 0.75 },
  'tail against F1': { better: 'lower', pass: 1.6, aim: 1.3 },
  'throughput of the shared pool': { better: 'higher', pass: 0.9, aim: 0.95 },
  'CPU against F1': { better: 'lower', pass: 1.5, aim: 1.3 },
  'round trips': { better: 'lower', pass: 1 },
  growth: { better: 'lower', pass: 1.3, aim: 1.15 },
  burst: { better: 'lower', pass: 200, aim: 100 },
  'status with calls': { better: 'lower', pass: 1.5, aim: 1.1 },
  'tail beside reconciling': { better: 'lower', pass: 2, aim: 1.3 },
  'pass over 10,000 pods': { better: 'lower', pass: 2000, aim: 1000 },
  'Redis per allocate': { better: 'lower', pass: 20, aim: 16 },
  'Redis per release': { better: 'lower', pass: 16, aim: 12 },
  'allocate against the bare script': { better: 'lower', pass: 3.5, aim: 2.5 },
  'release against the bare script': { better: 'lower', pass: 5.5, aim: 4 },
  'one Redis, other build': { better: 'higher', pass: 1.6, aim: 2 },
  memory: { better: 'lower', pass: 150, aim: 120 },
  'growth of memory': { better: 'lower', pass: 1.1, aim: 1.05 },
  start: { better: 'lower', pass: 600, aim: 400 },
} as const satisfies Record<string, Criterion>;

export type CriterionName = keyof typeof CRITERIA;

export function verdictOf(value: number, criterion: Criterion): Verdict {
  const reaches = (goal: number): boolean => (criterion.better === 'higher' ? value >= goal : value <= goal);
  if (criterion.aim !== undefined && reaches(criterion.aim)) return 'aim';
  return reaches(criterion.pass) ? 'pass' : 'miss';
}
