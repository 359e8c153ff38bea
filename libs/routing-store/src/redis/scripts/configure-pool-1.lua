--[[
  Sets a pool's policy. Where the type has changed, the pods in the old structure become the outgoing ones: they can
  still be taken, and each joins the new structure when it is settled next.

  KEYS[1]  pools
  ARGV[1]  key prefix
  ARGV[2]  epoch
  ARGV[3]  pool
  ARGV[4]  'exclusive' or 'shared'
  ARGV[5]  live calls per pod

  Output:  { 'configured', type changed 1 | 0, { key set aside... } } or { 'stale-epoch' }
]]
--- @include "epoch"
--- @include "pods"
if is_stale(tonumber(ARGV[2])) then return { 'stale-epoch' } end

local pool = ARGV[3]

-- What stands there by mistake gives way: all of this is found again when the pods are repaired.
set_aside('hash', POOLS)
set_aside('zset', PODS)
set_aside('zset', DRAINS)
set_aside('zset', LEASE_ENDS)
set_aside('hash', CALL_PODS)
set_aside('hash', POD_METADATA)
set_aside('string', ERA)
set_aside('string', HOLD)
set_aside('zset', MEMBERS)
set_aside('hash', REPORTED)
for _, key in ipairs({ assigned_key(pool), pool_calls_key(pool), pool_drains_key(pool) }) do set_aside('set', key) end

local old = policy_of(pool)
redis.call('HSET', POOLS, pool, ARGV[4] .. ':' .. ARGV[5])
local policy = policy_of(pool)

local available, outgoing = available_key(pool), outgoing_key(pool)
local structure = type_of(available)
if structure ~= 'set' and structure ~= 'zset' then set_aside(policy.structure, available) end

local misfit = structure ~= 'none' and structure ~= policy.structure
if structure ~= policy.structure and type_of(outgoing) == policy.structure then
  -- The type was changed back before the first change was through.
  local swap = outgoing .. ':swap'
  redis.call('RENAME', outgoing, swap)
  if redis.call('EXISTS', available) == 1 then redis.call('RENAME', available, outgoing) end
  redis.call('RENAME', swap, available)
elseif misfit and redis.call('EXISTS', available) == 1 then
  redis.call('RENAME', available, outgoing)
end
return { 'configured', (misfit or (old and old.type ~= policy.type)) and 1 or 0, set_aside_keys }
