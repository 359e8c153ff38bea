--- @include "keys"
--- @include "types"
--- @include "clock"
--[[
  Whether a pod is offered is a function of its load (the number of its live calls), its drain, its readiness and its
  pool's policy. `settle` computes it, and every operation ends with it. The fast paths write in the usual case what it would.

  A pool's available pods are a SET (exclusive) or a ZSET scored by load (shared). Where the type has changed, the old
  one stays as the pool's previous structure (`:outgoing`) until each of its pods has been settled again; pods are taken from both.
]]
local function policy_of(pool)
  local text = redis.call('HGET', POOLS, pool)
  if not text then return nil end
  local kind, max = string.match(text, '^(%a+):(%d+)$')
  if not kind then return nil end
  return { type = kind, max = tonumber(max), structure = kind == 'shared' and 'zset' or 'set' }
end

local function remove_member(key, kind, member)
  if kind == 'set' then redis.call('SREM', key, member) end
  if kind == 'zset' then redis.call('ZREM', key, member) end
end

local function withdraw(pool, pod)
  for _, key in ipairs({ available_key(pool), previous_structure_key(pool) }) do remove_member(key, type_of(key), pod) end
end

-- Members of a set; none where something else stands under the key.
local function count_of(key) return type_of(key) == 'set' and redis.call('SCARD', key) or 0 end

local function load_of(pod) return redis.call('ZCARD', pod_calls_key(pod)) end
local function is_draining(pod) return redis.call('EXISTS', pod_drain_key(pod)) == 1 end
local function is_ready(pod) return redis.call('HGET', pod_key(pod), 'ready') == '1' end

-- Before the first write of a script that settles the pod, and has read its pool.
local function check_pod(pod)
  check_types(pod_key(pod), pod_calls_key(pod), POOLS)
end

-- Before the first write of a script that sets or clears a drain in the pool.
local function check_drains(pool)
  check_types(DRAINS)
  if pool then check_types(pool_drains_key(pool)) end
end

-- `known_pool`: where it was just read; left out it is read here. Returns whether the pod drains.
local function settle(pod, known_pool)
  local pool = known_pool or redis.call('GET', pod_pool_key(pod))
  -- Deleted by hand: the pod is offered again when it is repaired.
  if not pool then return is_draining(pod) end
  local policy = policy_of(pool)
  local load = load_of(pod)
  local draining = is_draining(pod)

  local status = draining and 'draining' or (load > 0 and 'allocated' or 'available')
  redis.call('HSET', pod_key(pod), 'status', status)

  local available = available_key(pool)
  local structure = type_of(available)
  local fits = policy and (structure == policy.structure or structure == 'none')
  local offered = fits and not draining and is_ready(pod) and (policy.type == 'shared' or load == 0)

  local previous = previous_structure_key(pool)
  remove_member(previous, type_of(previous), pod)
  if not offered then
    remove_member(available, structure, pod)
  elseif policy.type == 'shared' then
    redis.call('ZADD', available, load, pod)
  else
    redis.call('SADD', available, pod)
  end
  return draining
end

local function clear_drain(pool, pod)
  redis.call('DEL', pod_drain_key(pod))
  redis.call('ZREM', DRAINS, pod)
  redis.call('HDEL', pod_key(pod), 'draining_since')
  if pool then redis.call('SREM', pool_drains_key(pool), pod) end
end

-- Follows a mark that was set or prolonged by hand. One without an end stays until it is taken back.
local function keep_drain(pool, pod, remaining_ms)
  if pool then
    redis.call('SADD', pool_drains_key(pool), pod)
    redis.call('HSETNX', pod_key(pod), 'draining_since', now_ms)
  end
  if remaining_ms == -1 then
    redis.call('ZREM', DRAINS, pod)
  else
    redis.call('ZADD', DRAINS, now_ms + remaining_ms, pod)
  end
end

-- Of a drain whose end has come. Returns whether the pod is offered again: its mark may have been prolonged by hand.
local function end_drain(pod)
  local pool = redis.call('GET', pod_pool_key(pod))
  check_pod(pod)
  check_drains(pool)
  local remaining = redis.call('PTTL', pod_drain_key(pod))
  if remaining ~= -2 then
    keep_drain(pool, pod, remaining)
    return false
  end
  clear_drain(pool, pod)
  settle(pod)
  return true
end
