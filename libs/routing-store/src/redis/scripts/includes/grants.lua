--- @include "calls"
--[[ How a call comes to hold a pod. ]]

-- The pod must have room. `new`: call_sid, pool, pod_pool where the pod is now, merchant_id, provider, decision, allocated_at in s, number as text,
-- request, load of the pod where it was just read, lease_ms, record_ms.
local function grant(pod, new)
  if new.load ~= 0 then end_calls_of_lost_lease(pod) end
  local call_sid, record = new.call_sid, call_key(new.call_sid)
  redis.call('HSET', record, 'pod_name', pod, 'source_pool', new.pool, 'merchant_id', new.merchant_id,
    'allocated_at', new.allocated_at, 'provider', new.provider, 'decision', new.decision,
    'request', new.request)
  redis.call('PEXPIRE', record, new.record_ms)
  redis.call('ZADD', LEASE_ENDS, now_ms + math.min(new.lease_ms, new.record_ms), call_sid)
  redis.call('HSET', CALL_PODS, call_sid, pod)
  redis.call('ZADD', pod_calls_key(pod), new.number, call_sid)
  redis.call('SADD', pool_calls_key(new.pod_pool), call_sid)
  redis.call('SET', lease_key(pod), call_sid, 'PX', new.lease_ms)
  redis.call('HSET', pod_key(pod), 'allocated_call_sid', call_sid, 'allocated_at', new.allocated_at,
    'source_pool', new.pool)
  settle(pod, new.pod_pool)
end
