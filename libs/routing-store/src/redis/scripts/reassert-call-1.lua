--[[
  Restores a grant that was acknowledged and lost since, as a failover can lose it. Repeating it changes nothing.

  KEYS[1]  call:{call_sid}
  ARGV[1]  key prefix
  ARGV[2]  call_sid
  ARGV[3]  pod
  ARGV[4]  the pool that it was taken from
  ARGV[5]  merchant id, '' for none
  ARGV[6]  provider, '' for none
  ARGV[7]  allocated_at in s
  ARGV[8]  number of the grant
  ARGV[9]  lease time in ms
  ARGV[10] lifetime of the call's record in ms

  Output:  { 'kept' }, { 'restored', pool where the pod is now }, { 'ended' }, { 'superseded', pod of the call },
           { 'conflict', { call_sid... } }: the pod is full with these, or { 'unknown-pod' }
]]
--- @include "grants"
--- @include "eras"
local call_sid, pod, number = ARGV[2], ARGV[3], tonumber(ARGV[8])

local function has_ended() return redis.call('EXISTS', ended_key(call_sid), released_key(call_sid, ARGV[8])) > 0 end
if has_ended() then return { 'ended' } end

local live_on = pod_of_live_call(call_sid)
if live_on then
  local is_same = live_on == pod and tonumber(grant_of(call_sid, pod)) == number
  return is_same and { 'kept' } or { 'superseded', live_on }
end
-- The look at the call may have ended it, where its pod had lost the lease.
if has_ended() then return { 'ended' } end
if was_released_unknown(call_sid, tonumber(ARGV[7])) then return { 'ended' } end

local pool = redis.call('GET', pod_pool_key(pod))
local policy = pool and policy_of(pool)
if not policy then return { 'unknown-pod' } end

check_calls(pod)
must_be('zset', pod_calls_key(pod))
must_be('zset', LEASE_ENDS)
must_be('string', GRANTS)
local former_pod = redis.call('HGET', CALL_PODS, call_sid)
-- The grant is here and does not live: its record was deleted by hand. It was not lost.
if former_pod == pod and tonumber(grant_of(call_sid, pod)) == number then return { 'ended' } end
if former_pod then end_call(call_sid, former_pod) end
end_calls_of_lost_lease(pod)
if load_of(pod) >= policy.max then
  return { 'conflict', redis.call('ZRANGE', pod_calls_key(pod), 0, -1) }
end

-- The counter was set back with the rest; the grants to come must not get numbers that were given before.
if number > tonumber(redis.call('GET', GRANTS) or '0') then redis.call('SET', GRANTS, number) end
grant(pod, {
  call_sid = call_sid, pool = ARGV[4], merchant_id = ARGV[5], provider = ARGV[6], decision = ARGV[4] .. '=granted',
  allocated_at = ARGV[7], number = number, lease_ms = tonumber(ARGV[9]), record_ms = tonumber(ARGV[10]),
})
return { 'restored', pool }
