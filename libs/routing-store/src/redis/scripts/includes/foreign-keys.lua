--- @include "calls"
--[[ Keys of the pod and of its calls that have another type than they should: quarantined, and rebuilt from the rest. ]]

-- Before the first write of a script that puts a pod in order. The leader repairs these keys when it configures the pools.
local function check_fleet(pool)
  check_types(POOLS, PODS, DRAINS, LEASE_ENDS, CALL_PODS, POD_METADATA)
  if not pool then return end
  check_types(assigned_key(pool), pool_calls_key(pool), pool_drains_key(pool))
end

-- The calls of a pod whose own list of them is lost; the one that its lease names is the latest. Their grants get new
-- numbers in the same order, Unix microseconds that are over. As text: Lua writes a number of that size in another form.
local function recall_calls(pod, pool)
  local latest = or_nil(redis.pcall('GET', lease_key(pod)))
  local calls = {}
  for _, call_sid in ipairs(redis.call('SMEMBERS', pool_calls_key(pool))) do
    if redis.call('HGET', CALL_PODS, call_sid) == pod then
      local granted_at = call_sid == latest and now_s + 1 or or_nil(redis.pcall('HGET', call_key(call_sid), 'allocated_at'))
      calls[#calls + 1] = { call_sid = call_sid, granted_at = tonumber(granted_at) or 0 }
    end
  end
  table.sort(calls, function(a, b)
    if a.granted_at ~= b.granted_at then return a.granted_at < b.granted_at end
    return a.call_sid < b.call_sid
  end)
  local latest_number = tonumber(now_us())
  for i, call in ipairs(calls) do
    redis.call('ZADD', pod_calls_key(pod), string.format('%.0f', latest_number - #calls + i), call.call_sid)
  end
end

-- A record that something was written over is no record that was deleted: its call lives.
local function restore_lost_record(call_sid, pod, pool)
  local lease_end = tonumber(redis.call('ZSCORE', LEASE_ENDS, call_sid) or '0')
  if lease_end > now_ms then restore_record(call_sid, pod, pool, lease_end - now_ms) end
end

-- What the whole fleet knows of the calls. An entry that is there stays as it is.
local function index_calls(pod, calls)
  for _, call_sid in ipairs(calls) do
    redis.call('HSET', CALL_PODS, call_sid, pod)
    local remaining = redis.call('PTTL', call_key(call_sid))
    -- A record that a hand has given no end.
    if remaining == -1 then remaining = RESTORED_LEASE_MS end
    if remaining > 0 then redis.call('ZADD', LEASE_ENDS, 'NX', now_ms + remaining, call_sid) end
  end
end

-- The pool that counts the pod among its own, for a pod whose `pod:tier:` key was deleted.
local function pool_of_lost_pod(pod)
  for _, name in ipairs(redis.call('HKEYS', POOLS)) do
    local assigned = assigned_key(name)
    if type_of(assigned) == 'set' and redis.call('SISMEMBER', assigned, pod) == 1 then return name end
  end
  return nil
end

local function quarantine_keys_of(pod, pool)
  quarantine(pod_pool_key(pod), pod_key(pod))
  if quarantine(pod_calls_key(pod)) and pool then recall_calls(pod, pool) end
  for _, call_sid in ipairs(redis.call('ZRANGE', pod_calls_key(pod), 0, -1)) do
    if quarantine(call_key(call_sid)) and pool then restore_lost_record(call_sid, pod, pool) end
  end
  -- The lease that was lost named the latest call, and a missing one would end it.
  local latest = quarantine(lease_key(pod)) and latest_call(pod)
  local remaining = latest and tonumber(redis.call('ZSCORE', LEASE_ENDS, latest) or '0') - now_ms
  if latest and remaining > 0 then redis.call('SET', lease_key(pod), latest, 'PX', remaining) end
end
