import type { PoolChange } from '@smart-router/fleet';
import type { DryRunResponse, PoolMove, PoolRemoval, PoolTypeChange } from './dry-run.dto';

export function dryRunBody(currentVersion: number, changes: readonly PoolChange[]): DryRunResponse {
  return {
    valid: true,
    current_version: currentVersion,
    moves: changes.map(poolMove),
    type_changes: changes.flatMap(typeChange),
    removed_pools: changes.flatMap(removal),
  };
}

function poolMove(change: PoolChange): PoolMove {
  return {
    pool: change.pool,
    target_before: change.targetBefore,
    target_after: change.targetAfter,
    assigned: change.assigned,
    surplus: change.surplus,
    deficit: change.deficit,
  };
}

function typeChange({ pool, typeBefore, typeAfter, activeCalls }: PoolChange): PoolTypeChange[] {
  if (typeBefore === null || typeAfter === null || typeBefore === typeAfter) return [];
  return [{ pool, from: typeBefore, to: typeAfter, active_calls: activeCalls }];
}

function removal({ pool, typeBefore, typeAfter, assigned, activeCalls }: PoolChange): PoolRemoval[] {
  if (typeBefore === null || typeAfter !== null) return [];
  return [{ pool, assigned, active_calls: activeCalls }];
}
