import type { LeaderTask } from './leader-task';
import type { PodSource } from './pod-source';

/** Where pods come from, and what the leader owes to that place. */
export interface PodSupply {
  readonly source: PodSource;
  readonly duties: readonly LeaderTask[];
}
