--- @include "keys"
--- @include "clock"
--- @include "past-calls"
--- @include "ended-grants"
--[[
  The fast path of the end of a call: its pod holds it, and is offered as before once the call has ended. The rules are
  those of `fast-allocate`.
]]
local read, write = redis.pcall, redis.call

-- `record`: as `record_of` has read it. Returns the same as `release_from`; nil where the general path must decide, among
-- others where calls are held.
local function release_fast(call_sid, record, how)
  local pod = record[1]
  if not pod then return nil end
  local lease, pod_calls = lease_key(pod), pod_calls_key(pod)
  local number, load, holder = read('ZSCORE', pod_calls, call_sid), read('ZCARD', pod_calls), read('GET', lease)
  if type(number) ~= 'string' or type(holder) ~= 'string' then return nil end
  local is_last = load == 1
  -- A lease that names the call is handed on where others stay.
  if not is_last and holder == call_sid then return nil end

  local pool = read('GET', pod_pool_key(pod))
  if type(pool) ~= 'string' or read('HGET', pod_key(pod), 'ready') ~= '1' then return nil end
  -- One question for all of them: the generation alone is there.
  local drain, previous = pod_drain_key(pod), previous_structure_key(pool)
  if read('EXISTS', drain, drain, previous, previous, HOLD, HOLD, GENERATION) ~= 1 then return nil end
  local policy, available, pool_calls = read('HGET', POOLS, pool), available_key(pool), pool_calls_key(pool)
  local is_exclusive = policy == 'exclusive:1' and is_last
  if not is_exclusive and not (type(policy) == 'string' and string.match(policy, '^shared:%d+$')) then return nil end
  if type(read(is_exclusive and 'SCARD' or 'ZCARD', available)) ~= 'number' then return nil end
  if type(read('ZCARD', LEASE_ENDS)) ~= 'number' or type(read('SCARD', pool_calls)) ~= 'number' then return nil end

  -- The first write. It takes no memory, so that calls end in a Redis that is full. Where it is refused nothing has been written.
  write('HDEL', CALL_PODS, call_sid)
  write('ZREM', LEASE_ENDS, call_sid)
  write('SREM', pool_calls, call_sid)
  if is_last then
    write('DEL', KEYS[1], pod_calls, lease)
    write('HDEL', pod_key(pod), 'allocated_call_sid', 'allocated_at', 'source_pool')
  else
    write('DEL', KEYS[1])
    write('ZREM', pod_calls, call_sid)
  end
  write('HSET', pod_key(pod), 'released_at', time[1], 'status', is_last and 'available' or 'allocated')
  if is_exclusive then write('SADD', available, pod) else write('ZADD', available, load - 1, pod) end
  note_end(call_sid, number)
  remember_end(call_sid, pod, record, how)
  return { 'released', pod, pool, 0, number }
end
