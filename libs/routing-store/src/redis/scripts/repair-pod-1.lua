--[[
  Brings everything that depends on a pod's live calls back in line with them. A call whose `call:` key is gone has
  ended; where the pod's `lease:` key is gone, the call that it named has.

  KEYS[1]  pod:{pod}
  ARGV[1]  key prefix
  ARGV[2]  epoch
  ARGV[3]  pod

  Output:  { 'repaired', mended 1 | 0, { ended call_sid... }, { key set aside... } } or { 'unknown-pod' } or { 'stale-epoch' }
]]
--- @include "epoch"
--- @include "foreign-keys"
if is_stale(tonumber(ARGV[2])) then return { 'stale-epoch' } end

local pod = ARGV[3]

-- The pool that counts the pod among its own, for a pod whose `pod:tier:` key was deleted.
local function pool_of_lost_pod()
  for _, name in ipairs(redis.call('HKEYS', POOLS)) do
    local assigned = assigned_key(name)
    if type_of(assigned) == 'set' and redis.call('SISMEMBER', assigned, pod) == 1 then return name end
  end
  return nil
end

local pool = or_nil(redis.pcall('GET', pod_pool_key(pod)))
local lost = not pool
if lost then
  pool = pool_of_lost_pod()
  if not pool then
    -- No pool knows it: the next reconcile registers it anew, where it is still there.
    redis.call('ZREM', PODS, pod)
    return { 'unknown-pod' }
  end
end

check_fleet(pool)
set_aside_keys_of(pod, pool)
if lost then redis.call('SET', pod_pool_key(pod), pool) end

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

local function end_dead_calls()
  local ended = end_calls_of_lost_lease(pod)
  for _, call_sid in ipairs(redis.call('ZRANGE', pod_calls_key(pod), 0, -1)) do
    if pod_of_live_call(call_sid) ~= pod then
      end_call(call_sid, pod)
      ended[#ended + 1] = call_sid
    end
  end
  return ended
end

-- Long enough for the sweep to decide; it takes away what stands too long.
local RESTORED_MS = 600000

-- What ran out together with a lease, of calls that the sweep has not ended: a clock that goes back would else make it
-- look as if a hand had deleted it.
local function restore_what_ran_out(calls)
  for _, call_sid in ipairs(calls) do
    if redis.call('EXISTS', call_key(call_sid)) == 0 then restore_record(call_sid, pod, pool, RESTORED_MS) end
  end
  redis.call('SET', lease_key(pod), named_call(pod), 'PX', RESTORED_MS, 'NX')
end

-- The indexes that tell of the pod's calls.
local function mend_calls()
  local calls = redis.call('ZRANGE', pod_calls_key(pod), 0, -1)
  if #calls == 0 then return redis.call('DEL', lease_key(pod)) end
  redis.call('SADD', pool_calls_key(pool), unpack(calls))
  index_calls(pod, calls)
  restore_what_ran_out(calls)
  describe_call(pod, redis.call('GET', lease_key(pod)))
end

local function mend_drain()
  local remaining = redis.call('PTTL', pod_drain_key(pod))
  if remaining == -2 then return clear_drain(pool, pod) end
  keep_drain(pool, pod, remaining)
end

local before = footprint()
local ended = end_dead_calls()
mend_calls()
mend_drain()
redis.call('SADD', assigned_key(pool), pod)
redis.call('ZADD', PODS, 0, pod)
settle(pod)
return { 'repaired', (lost or #ended > 0 or before ~= footprint() or #set_aside_keys > 0) and 1 or 0, ended, set_aside_keys }
