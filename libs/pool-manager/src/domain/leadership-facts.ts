import type { LeaderController } from './leader-controller';

/**
 * What a process knows of leadership, as operators read it.
 * @throws LeaseOverrunError where its work continues although its time is long over
 */
export function leadershipFacts(
  work: Pick<LeaderController, 'isLeader' | 'epoch' | 'holder' | 'check' | 'podSourceProblem'>,
): {
  is_leader: boolean;
  epoch: number | null;
  lease_holder: string | null;
  pod_source_problem: string | null;
} {
  work.check();
  return {
    is_leader: work.isLeader(),
    epoch: work.epoch(),
    lease_holder: work.holder(),
    pod_source_problem: work.podSourceProblem(),
  };
}
