--[[
  Sets a pool's policy. Where the type has changed, the old structure stays as the previous one: its pods can
  still be taken, and each joins the new structure when it is settled next.

  KEYS[1]  pools
  ARGV[1]  epoch
  ARGV[2]  pool
  ARGV[3]  'exclusive' or 'shared'
  ARGV[4]  live calls per pod

  Output:  { 'configured', type changed 1 | 0, { quarantined key... } } or { 'stale-epoch' }
]]
--- @include "leader-only"
--- @include "pods"

local pool = ARGV[2]

-- What stands there by mistake gives way: all of this is found again when the pods are repaired.
quarantine(POOLS, PODS, DRAINS, LEASE_ENDS, CALL_PODS, POD_METADATA)
quarantine(GENERATION, HOLD, MEMBERS, REPORTED)
quarantine(assigned_key(pool), pool_calls_key(pool), pool_drains_key(pool))

local old = policy_of(pool)
redis.call('HSET', POOLS, pool, ARGV[3] .. ':' .. ARGV[4])
local policy = policy_of(pool)

local available, previous = available_key(pool), previous_structure_key(pool)
local structure = type_of(available)
if structure ~= 'set' and structure ~= 'zset' then quarantine(policy.structure, available) end

local misfit = structure ~= 'none' and structure ~= policy.structure
if structure ~= policy.structure and type_of(previous) == policy.structure then
  -- The type was changed back before the first change was through.
  local swap = previous .. ':swap'
  redis.call('RENAME', previous, swap)
  if redis.call('EXISTS', available) == 1 then redis.call('RENAME', available, previous) end
  redis.call('RENAME', swap, available)
elseif misfit and redis.call('EXISTS', available) == 1 then
  redis.call('RENAME', available, previous)
end
return { 'configured', (misfit or (old and old.type ~= policy.type)) and 1 or 0, quarantined_keys }
