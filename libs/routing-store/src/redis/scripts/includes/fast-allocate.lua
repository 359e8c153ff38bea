--- @include "keys"
--- @include "clock"
--- @include "numbers"
--[[
  The fast path of `allocate`: a new call, and a pod with room in the first pool of the chain. It reads each thing once, and
  writes nothing before all is read. Anything unusual, a key of another type among it, is left to the general path, which
  finds the store as it was. It decides nothing that the general path would decide otherwise, which
  `redis-fast-paths.int-spec.ts` compares in random states.

  Reads are made by `pcall`: the error for a key of another type is a table, which equals nothing that is asked for.
]]
local read, write = redis.pcall, redis.call

-- A candidate among the pool's available pods, and how many calls it has by them.
local function choose_pod(policy, available)
  if policy == 'exclusive:1' then
    local pod = read('SRANDMEMBER', available)
    return type(pod) == 'string' and pod, 0
  end
  local max = type(policy) == 'string' and tonumber(string.match(policy, '^shared:(%d+)$'))
  if not max then return nil end
  local lowest = read('ZRANGE', available, '0', '0', 'WITHSCORES')
  local pod, load = lowest[1], tonumber(lowest[2])
  return pod and load < max and pod, load
end

-- Whether the call may be placed, and on this pod: one question for all keys of which the generation alone may be there.
local function may_take(pod, load, pool)
  local call, ended, previous, drain = KEYS[1], ended_key(ARGV[1]), previous_structure_key(pool), pod_drain_key(pod)
  local lease, calls = lease_key(pod), pod_calls_key(pod)
  if load ~= 0 then
    if read('ZCARD', calls) ~= load or type(read('GET', lease)) ~= 'string' then return false end
    -- Both are there, so they stay out of the question: the drain stands in their places.
    lease, calls = drain, drain
  end
  return read('EXISTS', ended, ended, HOLD, HOLD, call, call, previous, previous, drain, drain, lease, lease,
    calls, calls, GENERATION) == 1
    and read('GET', pod_pool_key(pod)) == pool and read('HGET', pod_key(pod), 'ready') == '1'
end

-- The reply of `allocate`; nil where the general path must decide.
local function allocate_fast()
  local call_sid, merchant_id, pool = ARGV[1], ARGV[2], ARGV[10]
  if not pool or read('HGET', CALL_PODS, call_sid) ~= false then return nil end
  local config = merchant_id ~= '' and read('HGET', MERCHANT_CONFIG, merchant_id) or ''
  if config ~= ARGV[3] then return nil end

  local policy, available, pool_calls = read('HGET', POOLS, pool), available_key(pool), pool_calls_key(pool)
  local pod, load = choose_pod(policy, available)
  if not pod or not may_take(pod, load, pool) then return nil end
  if type(read('ZCARD', LEASE_ENDS)) ~= 'number' or type(read('SCARD', pool_calls)) ~= 'number' then return nil end
  -- The first write. Where Redis refuses it nothing has been written.
  local number = next_grant_number(read)
  if not number then return nil end

  local decision, lease_ms, record_ms = pool .. '=granted', ARGV[5], ARGV[6]
  write('HSET', KEYS[1], 'pod_name', pod, 'source_pool', pool, 'merchant_id', merchant_id, 'allocated_at', time[1],
    'provider', ARGV[4], 'decision', decision, 'request', ARGV[8])
  write('PEXPIRE', KEYS[1], record_ms)
  write('ZADD', LEASE_ENDS, now_ms + math.min(lease_ms, record_ms), call_sid)
  write('HSET', CALL_PODS, call_sid, pod)
  write('ZADD', pod_calls_key(pod), number, call_sid)
  write('SADD', pool_calls, call_sid)
  write('SET', lease_key(pod), call_sid, 'PX', lease_ms)
  write('HSET', pod_key(pod), 'allocated_call_sid', call_sid, 'allocated_at', time[1], 'source_pool', pool,
    'status', 'allocated')
  if policy == 'exclusive:1' then write('SREM', available, pod) else write('ZADD', available, load + 1, pod) end
  return { 'allocated', pod, pool, time[1], decision, number }
end
