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

/** Every row with the five rounds that a median needs, in about twelve minutes on a quiet machine. */
export const FULL_PLAN: BenchPlan = {
  rounds: 5,
  roundSeconds: 2,
  warmUpSeconds: 3,
  openLoopSeconds: 10,
  openLoopRounds: 5,
  starts: 5,
  manyCycles: 100_000,
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

/** Of `--million`: some minutes longer, to tell a heap that settles from a leak. */
export const MILLION_CYCLES = 1_000_000;
