/** How often and how long the rows measure. */
export interface BenchPlan {
  readonly rounds: number;
  /** Of rows A, B, C, M and N and of the comparison of builds, which decide most. */
  readonly loadRounds: number;
  /** Of closed loops. */
  readonly roundSeconds: number;
  /**
   * Of a server before it is measured. Until then V8 compiles the way of a call, on threads that count as processor time
   * of the server: the API has far more to compile than the floor, and both run for days.
   */
  readonly warmUpCycles: number;
  /** Of each size of the fleet in row E. */
  readonly fleetWarmUpSeconds: number;
  readonly openLoopSeconds: number;
  readonly openLoopRounds: number;
  readonly starts: number;
  /** After how many cycles the memory of a process is read. */
  readonly memoryCycles: readonly number[];
}

/** Every row with the five rounds that a median needs, in about fifteen minutes on a quiet machine. */
export const FULL_PLAN: BenchPlan = {
  rounds: 5,
  loadRounds: 9,
  roundSeconds: 2,
  warmUpCycles: 20_000,
  fleetWarmUpSeconds: 3,
  openLoopSeconds: 10,
  openLoopRounds: 5,
  starts: 5,
  memoryCycles: [10_000, 100_000],
};

export const QUICK_PLAN: BenchPlan = {
  rounds: 3,
  loadRounds: 3,
  roundSeconds: 1.5,
  warmUpCycles: 20_000,
  fleetWarmUpSeconds: 2,
  openLoopSeconds: 8,
  openLoopRounds: 2,
  starts: 3,
  memoryCycles: [10_000, 50_000],
};

/** Of `--million`: some minutes longer, to distinguish a heap that settles from a leak. */
export const MILLION_CYCLES: readonly number[] = [10_000, 100_000, 1_000_000];
