--[[
  Brings everything that depends on a pod's live calls back in line with them. A call whose `call:` key is gone has
  ended; where the pod's `lease:` key is gone, the call that it named has.

  KEYS[1]  pod:{pod}
  ARGV[1]  epoch
  ARGV[2]  pod

  Output:  { 'repaired', changed 1 | 0, { ended call_sid... }, { quarantined key... } } or { 'unknown-pod' } or { 'stale-epoch' }
]]
--- @include "leader-only"
--- @include "foreign-keys"

local pod = ARGV[2]

local pool = or_nil(redis.pcall('GET', pod_pool_key(pod)))
local lost = not pool
if lost then
  pool = pool_of_lost_pod(pod)
  if not pool then
    -- No pool knows it: the next reconcile registers it anew, where it is still there. With calls it stays listed till then.
    if redis.pcall('ZCARD', pod_calls_key(pod)) == 0 then redis.call('ZREM', PODS, pod) end
    return { 'unknown-pod' }
  end
end

check_fleet(pool)
quarantine_keys_of(pod, pool)
if lost then redis.call('SET', pod_pool_key(pod), pool) end

local function offer(key)
  local kind = type_of(key)
  if kind == 'set' then return tostring(redis.call('SISMEMBER', key, pod)) end
  return kind == 'zset' and redis.call('ZSCORE', key, pod) or 'none'
end

-- What operators and other scripts see of the pod.
local function footprint()
  return table.concat({
    tostring(offer(available_key(pool))), tostring(offer(previous_structure_key(pool))),
    tostring(redis.call('SISMEMBER', assigned_key(pool), pod)), tostring(redis.call('ZSCORE', PODS, pod)),
    tostring(redis.call('SISMEMBER', pool_drains_key(pool), pod)), tostring(redis.call('GET', lease_key(pod))),
    tostring(redis.call('HGET', pod_key(pod), 'status')),
  }, '|')
end

local function end_dead_calls()
  local ended = end_calls_of_lost_lease(pod)
  for _, call_sid in ipairs(redis.call('ZRANGE', pod_calls_key(pod), 0, -1)) do
    local holder = pod_of_live_call(call_sid)
    if not holder then
      end_call(call_sid, pod, 'key_deleted')
      ended[#ended + 1] = call_sid
    elseif holder ~= pod then
      leave_call(call_sid, pod, holder)
    end
  end
  return ended
end

-- What ran out together with a lease, of calls that the sweep has not ended: a clock that goes back would else make it
-- look as if a hand had deleted it.
local function restore_what_ran_out(calls)
  for _, call_sid in ipairs(calls) do
    if redis.call('EXISTS', call_key(call_sid)) == 0 then restore_record(call_sid, pod, pool, RESTORED_LEASE_MS) end
  end
  redis.call('SET', lease_key(pod), named_call(pod), 'PX', RESTORED_LEASE_MS, 'NX')
end

-- The indexes of the pod's calls.
local function repair_calls()
  local calls = redis.call('ZRANGE', pod_calls_key(pod), 0, -1)
  if #calls == 0 then return redis.call('DEL', lease_key(pod)) end
  redis.call('SADD', pool_calls_key(pool), unpack(calls))
  index_calls(pod, calls)
  restore_what_ran_out(calls)
  describe_call(pod, redis.call('GET', lease_key(pod)))
end

local function repair_drain()
  local remaining = redis.call('PTTL', pod_drain_key(pod))
  if remaining == -2 then return clear_drain(pool, pod) end
  keep_drain(pool, pod, remaining)
end

local before = footprint()
local ended = end_dead_calls()
repair_calls()
repair_drain()
redis.call('SADD', assigned_key(pool), pod)
redis.call('ZADD', PODS, 0, pod)
settle(pod)
return { 'repaired', (lost or #ended > 0 or before ~= footprint() or #quarantined_keys > 0) and 1 or 0, ended, quarantined_keys }
