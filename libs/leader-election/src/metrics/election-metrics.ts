import { counter } from '@smart-router/metrics';
import type { ElectionObserver } from '../domain/leader-elector';
import type { TermEnd } from '../domain/leader-term';

const ENDS: readonly TermEnd[] = ['stopped', 'work-ended', 'renew-deadline', 'lease-lost', 'stale-epoch'];
const OUTCOMES = ['acquired', 'renewed', 'held-by-other', 'conflict', 'failed'] as const;

/** The metrics of this library, in the one registry of the process. */
export function electionMetrics(): ElectionObserver {
  const attempts = counter({
    name: 'smart_router_leader_attempts_total',
    help: 'Attempts of this process to take or keep the lease of the leader',
    labelNames: ['outcome'],
  });
  const transitions = counter({
    name: 'smart_router_leader_transitions_total',
    help: 'Changes of the holder of the lease that this process has seen',
  });
  const ended = counter({
    name: 'smart_router_leader_terms_ended_total',
    help: 'Terms of leadership of this process that ended',
    labelNames: ['reason'],
  });
  // The series exist from the start, so that the first event is an increase.
  for (const outcome of OUTCOMES) attempts.inc({ outcome }, 0);
  for (const reason of ENDS) ended.inc({ reason }, 0);
  return {
    attempted: (outcome) => attempts.inc({ outcome }),
    holderChanged: () => transitions.inc(),
    termEnded: (reason) => ended.inc({ reason }),
  };
}
