--[[
  Sets a pool's policy. Where the type has changed, the pods in the old structure become the outgoing ones: they can
  still be taken, and each joins the new structure when it is settled next.

  KEYS[1]  pools
  ARGV[1]  key prefix
  ARGV[2]  epoch
  ARGV[3]  pool
  ARGV[4]  'exclusive' or 'shared'
  ARGV[5]  live calls per pod

  Output:  { 'configured', type changed 1 | 0 } or { 'stale-epoch' }
]]
--- @include "epoch"
--- @include "pods"
if is_stale(tonumber(ARGV[2])) then return { 'stale-epoch' } end

local pool = ARGV[3]
local old = policy_of(pool)
redis.call('HSET', POOLS, pool, ARGV[4] .. ':' .. ARGV[5])
local policy = policy_of(pool)

local available, outgoing = available_key(pool), outgoing_key(pool)
local structure = type_of(available)
if structure ~= 'set' and structure ~= 'zset' and structure ~= 'none' then
  -- Put there by hand, and no pool at all. Its pods are found again through the assigned ones.
  redis.call('DEL', available)
end

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
return { 'configured', (misfit or (old and old.type ~= policy.type)) and 1 or 0 }
