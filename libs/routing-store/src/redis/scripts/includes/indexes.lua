--- @include "calls"
--[[
  What the whole fleet knows of calls and pods, against the pods themselves. A call lives where its pod holds it; an entry
  that no pod stands behind is left of an operation that lost its other half, or was put there by hand.
]]

-- Whether the pod holds the call; a key of another type does not disprove it, and is left to the repair of the pod.
local function may_hold(pod, call_sid)
  return redis.pcall('ZSCORE', pod_calls_key(pod), call_sid) ~= false
end

-- The pod that holds the call, of those that the record and the index name; nil where none does.
local function holder_of(call_sid)
  local recorded = or_nil(redis.pcall('HGET', call_key(call_sid), 'pod_name'))
  if recorded and may_hold(recorded, call_sid) then return recorded end
  local indexed = redis.call('HGET', CALL_PODS, call_sid)
  return indexed and may_hold(indexed, call_sid) and indexed or nil
end

-- A call that no pod holds.
local function forget_call(call_sid)
  redis.call('ZREM', LEASE_ENDS, call_sid)
  redis.call('HDEL', CALL_PODS, call_sid)
  if not is_foreign(call_key(call_sid)) then redis.call('DEL', call_key(call_sid)) end
end

-- Pods that were missing from the list of all pods.
local found_pods = {}

-- A pod that has something in the store is listed, so that the next reconcile keeps or removes it.
local function list_pod(pod)
  if redis.call('ZADD', PODS, 0, pod) == 1 then found_pods[#found_pods + 1] = pod end
end

local function is_known(pod)
  return redis.call('ZSCORE', PODS, pod) or redis.call('EXISTS', pod_pool_key(pod)) == 1
end
