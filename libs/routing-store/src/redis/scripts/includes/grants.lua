--- @include "calls"
--[[ How a call comes to hold a pod. ]]

-- The number of the next grant: Redis's time in microseconds, but higher than every number before, a hybrid logical clock
-- (Kulkarni et al. 2014). So numbers order grants across a loss of the counter, and can be compared with a time.
local function next_grant_number()
  local number = now_us()
  local last = redis.call('SET', GRANTS, number, 'GET')
  if not last or tonumber(last) < tonumber(number) then return number end
  number = string.format('%.0f', tonumber(last) + 1)
  redis.call('SET', GRANTS, number)
  return number
end

-- The pod must have room. `new`: call_sid, pool, pod_pool where the pod is now, merchant_id, provider, decision, allocated_at in s, number as text,
-- request, lease_ms, record_ms.
local function grant(pod, new)
  end_calls_of_lost_lease(pod)
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
  settle(pod)
end
