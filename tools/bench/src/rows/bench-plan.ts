/** How often and how long the rows measure. */
export interface BenchPlan {
  readonly rounds: number;
  /** Of closed loops. */
  readonly roundSeconds: number;
  readonly warmUpSeconds: number;
  readonly openLoopSeconds: number;
  readonly openLoopRounds: number;
  readonly starts: number;
  /** After which the memory is read the second time. */
  readonly manyCycles: number;
}

export const FULL_PLAN: BenchPlan = {
  rounds: 5,
  roundSeconds: 3,
  warmUpSeconds: 5,
  openLoopSeconds: 30,
  openLoopRounds: 5,
  starts: 5,
  manyCycles: 1_000_000,
};

export const QUICK_PLAN: BenchPlan = {
  rounds: 3,
  roundSeconds: 1.5,
  warmUpSeconds: 2,
  openLoopSeconds: 8,
  openLoopRounds: 2,
  starts: 3,
  manyCycles: 50_000,
};
