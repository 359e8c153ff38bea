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

-- A pod of an exclusive pool with no call; nil where none is met at the first try.
local function find_idle(pool)
  local pod = read('SRANDMEMBER', available_key(pool))
  if type(pod) ~= 'string' then return nil end
  -- Without calls it has no lease either.
  if read('EXISTS', pod_drain_key(pod), lease_key(pod), pod_calls_key(pod)) ~= 0 then return nil end
  return pod, 0
end

-- The least loaded pod of a shared pool, and its load.
local function find_least_loaded(pool, max)
  local lowest = read('ZRANGE', available_key(pool), '0', '0', 'WITHSCORES')
  local pod, load = lowest[1], tonumber(lowest[2])
  if not pod or load >= max or read('ZCARD', pod_calls_key(pod)) ~= load then return nil end
  if load == 0 then
    if read('EXISTS', pod_drain_key(pod), lease_key(pod)) ~= 0 then return nil end
  elseif read('EXISTS', pod_drain_key(pod)) ~= 0 or type(read('GET', lease_key(pod))) ~= 'string' then
    return nil
  end
  return pod, load
end

-- The reply of `allocate`; nil where the general path must decide.
local function allocate_fast()
  local call, call_sid, merchant_id, pool = KEYS[1], ARGV[2], ARGV[3], ARGV[11]
  if not pool or now_ms > tonumber(ARGV[8]) then return nil end

  -- One question for all of them: the generation alone is there.
  local ended, previous = ended_key(call_sid), previous_structure_key(pool)
  if read('EXISTS', ended, ended, HOLD, HOLD, call, call, previous, previous, GENERATION) ~= 1 then return nil end
  if read('HGET', CALL_PODS, call_sid) ~= false then return nil end
  local config = merchant_id ~= '' and read('HGET', MERCHANT_CONFIG, merchant_id) or ''
  if config ~= ARGV[4] then return nil end

  local policy = read('HGET', POOLS, pool)
  local is_exclusive = policy == 'exclusive:1'
  local max = not is_exclusive and type(policy) == 'string' and tonumber(string.match(policy, '^shared:(%d+)$'))
  if not is_exclusive and not max then return nil end
  local pod, load
  if is_exclusive then pod, load = find_idle(pool) else pod, load = find_least_loaded(pool, max) end
  if not pod or read('GET', pod_pool_key(pod)) ~= pool or read('HGET', pod_key(pod), 'ready') ~= '1' then return nil end

  local pool_calls = pool_calls_key(pool)
  if type(read('ZCARD', LEASE_ENDS)) ~= 'number' or type(read('SCARD', pool_calls)) ~= 'number' then return nil end
  -- The first write. Where Redis refuses it nothing has been written.
  local number = next_grant_number(read)
  if not number then return nil end

  local decision, lease_ms, record_ms = pool .. '=granted', ARGV[6], ARGV[7]
  write('HSET', call, 'pod_name', pod, 'source_pool', pool, 'merchant_id', merchant_id, 'allocated_at', time[1],
    'provider', ARGV[5], 'decision', decision, 'request', ARGV[9])
  write('PEXPIRE', call, record_ms)
  write('ZADD', LEASE_ENDS, tostring(now_ms + math.min(lease_ms, record_ms)), call_sid)
  write('HSET', CALL_PODS, call_sid, pod)
  write('ZADD', pod_calls_key(pod), number, call_sid)
  write('SADD', pool_calls, call_sid)
  write('SET', lease_key(pod), call_sid, 'PX', lease_ms)
  write('HSET', pod_key(pod), 'allocated_call_sid', call_sid, 'allocated_at', time[1], 'source_pool', pool,
    'status', 'allocated')
  local available = available_key(pool)
  if is_exclusive then write('SREM', available, pod) else write('ZADD', available, load + 1, pod) end
  return { 'allocated', pod, pool, time[1], decision, number }
end
