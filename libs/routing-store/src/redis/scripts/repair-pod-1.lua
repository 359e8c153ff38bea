--[[
  Brings everything that depends on a pod's live calls back in line with them. A call whose `call:` key is gone has
  ended; where the pod's `lease:` key is gone, the call that it named has.

  KEYS[1]  pod:{pod}
  ARGV[1]  key prefix
  ARGV[2]  epoch
  ARGV[3]  pod

  Output:  { 'repaired', mended 1 | 0, { ended call_sid... } } or { 'unknown-pod' } or { 'stale-epoch' }
]]
--- @include "epoch"
--- @include "calls"
if is_stale(tonumber(ARGV[2])) then return { 'stale-epoch' } end

local pod = ARGV[3]
local pool = redis.call('GET', pod_pool_key(pod))
if not pool then return { 'unknown-pod' } end

local function offer(key)
  local kind = type_of(key)
  if kind == 'set' then return tostring(redis.call('SISMEMBER', key, pod)) end
  return kind == 'zset' and redis.call('ZSCORE', key, pod) or 'none'
end

-- What operators and other scripts can tell of the pod.
local function footprint()
  return table.concat({
    tostring(offer(available_key(pool))), tostring(offer(outgoing_key(pool))),
    tostring(redis.call('SISMEMBER', assigned_key(pool), pod)), tostring(redis.call('ZSCORE', PODS, pod)),
    tostring(redis.call('SISMEMBER', pool_drains_key(pool), pod)), tostring(redis.call('GET', lease_key(pod))),
    tostring(redis.call('HGET', pod_key(pod), 'status')),
  }, '|')
end

local ended = {}
local function end_here(call_sid)
  end_call(call_sid, pod)
  ended[#ended + 1] = call_sid
end

local function end_dead_calls()
  local calls = pod_calls_key(pod)
  if redis.call('ZCARD', calls) > 0 and redis.call('EXISTS', lease_key(pod)) == 0 then
    local named = redis.call('HGET', pod_key(pod), 'allocated_call_sid')
    end_here(named and redis.call('ZSCORE', calls, named) and named or latest_call(pod))
  end
  for _, call_sid in ipairs(redis.call('ZRANGE', calls, 0, -1)) do
    if pod_of_live_call(call_sid) ~= pod then end_here(call_sid) end
  end
end

local function mend_drain()
  local remaining = redis.call('PTTL', pod_drain_key(pod))
  if remaining == -2 then return clear_drain(pool, pod) end
  redis.call('SADD', pool_drains_key(pool), pod)
  keep_drain(pod, remaining)
end

local before = footprint()
end_dead_calls()
if load_of(pod) == 0 then redis.call('DEL', lease_key(pod)) end
mend_drain()
redis.call('SADD', assigned_key(pool), pod)
redis.call('ZADD', PODS, 0, pod)
settle(pod)
return { 'repaired', (#ended > 0 or before ~= footprint()) and 1 or 0, ended }
