--[[
  Counts per pool. The cost follows the number of pools.

  KEYS[1]  pools

  Output:  { 'stats', live calls, { leader's identity, epoch, since in ms } or {},
             { { pool, type, max, assigned, available, live calls, draining }... } }
]]
--- @include "pods"
local function with_room(key, max)
  local kind = type_of(key)
  if kind == 'set' then return redis.call('SCARD', key) end
  if kind == 'zset' then return redis.call('ZCOUNT', key, '-inf', '(' .. max) end
  return 0
end

local pools = {}
for _, pool in ipairs(or_nil(redis.pcall('HKEYS', POOLS)) or {}) do
  local policy = policy_of(pool) or { type = 'exclusive', max = 1 }
  pools[#pools + 1] = {
    pool, policy.type, policy.max,
    count_of(assigned_key(pool)),
    with_room(available_key(pool), policy.max) + with_room(previous_structure_key(pool), policy.max),
    count_of(pool_calls_key(pool)),
    count_of(pool_drains_key(pool)),
  }
end

local leader = or_nil(redis.pcall('HMGET', LEADER, 'identity', 'epoch', 'since')) or {}
return { 'stats', or_nil(redis.pcall('ZCARD', LEASE_ENDS)) or 0, leader[1] and leader or {}, pools }
