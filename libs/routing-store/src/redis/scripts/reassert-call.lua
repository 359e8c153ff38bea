--[[
  Restores a grant that was acknowledged and lost since, as a failover can lose it. Repeating it changes nothing.

  KEYS[1]  call:{call_sid}
  ARGV[1]  call_sid
  ARGV[2]  pod
  ARGV[3]  the pool that it was taken from
  ARGV[4]  merchant id, '' for none
  ARGV[5]  provider, '' for none
  ARGV[6]  allocated_at in s
  ARGV[7]  number of the grant
  ARGV[8]  lease time in ms
  ARGV[9]  lifetime of the call's record in ms

  Output:  { 'kept' }, { 'restored', pool where the pod is now }, { 'ended' }, { 'superseded', pod of the call },
           { 'conflict', { call_sid... } }: the pod is full with these, or { 'unknown-pod' }
]]
--- @include "grants"
--- @include "end-marks"
--- @include "generation"
--- @include "admission"
local call_sid, pod, number = ARGV[1], ARGV[2], ARGV[7]

local function has_ended()
  return is_barred(call_sid, ARGV[5]) or has_grant_ended(call_sid, number)
end
if has_ended() then return { 'ended' } end

local live_on, _, live_grant = pod_of_live_call(call_sid)
local live_number = live_on and tonumber(live_grant)
if live_on == pod and live_number == tonumber(number) then
  -- Its caller knows of it.
  redis.call('HSET', KEYS[1], 'request', '')
  return { 'kept' }
end
if live_on and live_number >= tonumber(number) then return { 'superseded', live_on } end
-- Reading the call may have ended it, where its pod had lost the lease.
if has_ended() then return { 'ended' } end

local pool = redis.call('GET', pod_pool_key(pod))
local policy = pool and policy_of(pool)
if not policy then return { 'unknown-pod' } end

check_calls(pod)
check_types(pod_calls_key(pod), LEASE_ENDS, GRANTS)
local former_pod = redis.call('HGET', CALL_PODS, call_sid)
-- The grant is here and does not live: its record was deleted by hand. It was not lost.
if not live_on and former_pod == pod and grant_of(call_sid, pod) == number then return { 'ended' } end

-- What is live with an older grant got it before: a call has one grant at a time, so its end was lost.
if live_on then
  end_call(call_sid, live_on, 'superseded')
elseif former_pod then
  end_call(call_sid, former_pod, 'key_deleted')
end
end_calls_of_lost_lease(pod)

local function number_at(rank) return tonumber(redis.call('ZRANGE', pod_calls_key(pod), rank, rank, 'WITHSCORES')[2]) end

-- Whether all calls of the pod got it after this one, and before the loss.
local function was_followed()
  local _, since = stored_generation()
  return since and number_at(0) > tonumber(number) and number_at(-1) < since * 1000
end

if load_of(pod) >= policy.max then
  local calls = redis.call('ZRANGE', pod_calls_key(pod), 0, -1)
  local is_exclusive = policy.max == 1 and #calls == 1
  if (is_exclusive or not is_held()) and was_followed() then
    note_end(call_sid, number)
    return { 'ended' }
  end
  -- An exclusive pod was free when it was given, so that the call before had ended, and that was lost.
  local follows = is_exclusive and is_held() and number_at(0) < tonumber(number)
  if not follows then return { 'conflict', calls } end
  end_call(calls[1], pod, 'superseded')
end

raise_grant_number(number)
grant(pod, {
  call_sid = call_sid, pool = ARGV[3], pod_pool = pool, merchant_id = ARGV[4], provider = ARGV[5], decision = ARGV[3] .. '=granted',
  allocated_at = ARGV[6], number = number, request = '', lease_ms = tonumber(ARGV[8]), record_ms = tonumber(ARGV[9]),
})
return { 'restored', pool }
