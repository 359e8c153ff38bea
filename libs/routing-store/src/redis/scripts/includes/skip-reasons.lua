--- @include "pods"
--[[
  Why a pool of the chain gave no pod, from the sizes of its sets alone: no pod is read, so that a pool that is full
  costs the calls that pass it the same however big it is. Where the sizes do not show it, it is 'unknown'.
]]
local function number_in(kind, key)
  local size = size_of(kind, key)
  return type(size) == 'number' and size or nil
end

local function previous_structure_size(pool)
  local kind = type_of(previous_structure_key(pool))
  return (kind == 'set' or kind == 'zset') and number_in(kind, previous_structure_key(pool)) or 0
end

local function skip_reason(pool, policy)
  if not policy then return 'unknown_pool' end
  local assigned, calls = number_in('set', assigned_key(pool)), number_in('set', pool_calls_key(pool))
  local available = number_in(policy.structure, available_key(pool))
  if not assigned or not calls or not available then return 'wrong_type' end
  if assigned == 0 then return 'no_pods' end
  local draining = count_of(pool_drains_key(pool))
  if draining >= assigned then return 'draining' end
  -- What is offered is ready and does not drain: it was not taken, so it has no room.
  if available > 0 or previous_structure_size(pool) > 0 then return 'full' end
  if policy.type == 'shared' or calls == 0 then return 'not_ready' end
  -- Busy pods of an exclusive pool are not offered. Those that drain may be all that are busy.
  return calls > draining and 'full' or 'unknown'
end
