--[[
  Removes a pool that has no pods any more.

  KEYS[1]  pools
  ARGV[1]  epoch
  ARGV[2]  pool

  Output:  { 'removed' | 'has-pods' | 'unknown-pool' } or { 'stale-epoch' }
]]
--- @include "leader-only"

local pool = ARGV[2]
if redis.call('HEXISTS', POOLS, pool) == 0 then return { 'unknown-pool' } end
if redis.call('SCARD', assigned_key(pool)) > 0 then return { 'has-pods' } end

redis.call('HDEL', POOLS, pool)
redis.call('UNLINK', available_key(pool), previous_structure_key(pool), pool_calls_key(pool), pool_drains_key(pool))
return { 'removed' }
