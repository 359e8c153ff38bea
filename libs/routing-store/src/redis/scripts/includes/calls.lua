--- @include "keys"
--- @include "clock"
--- @include "pods"
--- @include "past-calls"
--- @include "ended-grants"
--[[
  The life of a call on its pod. A call lives while its pod knows it. A lease that ran out does not end it: only the sweep
  does (expire-leases), since a clock that jumps lets the leases of live calls run out. Until then the call may be
  released and renewed as any other. What runs out by the same clock proves nothing either: where the record of a call or
  the lease of its pod is gone before the call's own lease is over, a hand has deleted it, and that call has ended.
]]

-- Before the first write of a script that ends calls of the pod, and knows them: then it has read `pod:calls:{pod}` and
-- LEASE_ENDS. What fails first in the end of a call needs no question. Returns the pod's pool, false where it has none.
local function check_calls(pod)
  local pool = redis.call('GET', pod_pool_key(pod))
  if pool then check_types(pool_calls_key(pool)) end
  check_types(lease_key(pod), pod_key(pod), POOLS)
  return pool
end

local function latest_call(pod) return redis.call('ZREVRANGE', pod_calls_key(pod), 0, 0)[1] end

-- The fields of the pod's hash about the call that its lease names.
local function describe_call(pod, call_sid)
  local record = or_nil(redis.pcall('HMGET', call_key(call_sid), 'allocated_at', 'source_pool')) or {}
  redis.call('HSET', pod_key(pod), 'allocated_call_sid', call_sid,
    'allocated_at', record[1] or '', 'source_pool', record[2] or '')
end

-- The pod's lease names its latest call; when that ends, the latest of the others takes over.
local function pass_lease_on(pod, ended_call_sid)
  local lease = lease_key(pod)
  local latest = latest_call(pod)
  if not latest then
    redis.call('DEL', lease)
    redis.call('HDEL', pod_key(pod), 'allocated_call_sid', 'allocated_at', 'source_pool')
    return
  end
  local holder = redis.call('GET', lease)
  if holder and holder ~= ended_call_sid then return end
  local remaining = tonumber(redis.call('ZSCORE', LEASE_ENDS, latest) or '0') - now_ms
  if remaining > 0 then redis.call('SET', lease, latest, 'PX', remaining) else redis.call('DEL', lease) end
  describe_call(pod, latest)
end

-- The number of the call's grant on this pod; nil where it holds none.
local function grant_of(call_sid, pod) return redis.call('ZSCORE', pod_calls_key(pod), call_sid) end

-- Frees the one slot that this call holds on this pod, and nothing else. Returns the number of the grant that ended, the
-- pod's pool, and whether the pod drains. `how` it ended is for people. `known_grant`, `known_record`: where just read.
local function end_call(call_sid, pod, how, known_grant, known_record)
  local pool = check_calls(pod)
  local grant = known_grant or grant_of(call_sid, pod)
  local record = known_record or or_nil(record_of(call_sid)) or {}
  redis.call('HDEL', CALL_PODS, call_sid)
  redis.call('DEL', call_key(call_sid))
  redis.call('ZREM', LEASE_ENDS, call_sid)
  redis.call('ZREM', pod_calls_key(pod), call_sid)
  if pool then
    redis.call('SREM', pool_calls_key(pool), call_sid)
    redis.call('HSET', pod_key(pod), 'released_at', now_s)
  end
  pass_lease_on(pod, call_sid)
  local draining = settle(pod, pool)
  if grant then
    note_end(call_sid, grant)
    remember_end(call_sid, pod, record, how)
  end
  return grant, pool, draining
end

-- The pod that the record names, where that is another one and holds the call; then the call lives there.
local function other_holder(call_sid, pod)
  local recorded = or_nil(redis.pcall('HGET', call_key(call_sid), 'pod_name'))
  return recorded and recorded ~= pod and grant_of(call_sid, recorded) and recorded or nil
end

-- Takes a call off a pod where it lives on another one.
local function leave_call(call_sid, pod, other)
  local pool = check_calls(pod)
  redis.call('ZREM', pod_calls_key(pod), call_sid)
  if pool and redis.call('GET', pod_pool_key(other)) ~= pool then redis.call('SREM', pool_calls_key(pool), call_sid) end
  pass_lease_on(pod, call_sid)
  settle(pod)
end

-- Returns whether the call has ended.
local function end_or_leave_call(call_sid, pod, how)
  local other = other_holder(call_sid, pod)
  if other then leave_call(call_sid, pod, other) else end_call(call_sid, pod, how) end
  return not other
end

-- As many as the pool's policy allows on one pod. Returns the calls that ended.
local function end_all_calls(pod, how)
  local ended = {}
  for _, call_sid in ipairs(redis.call('ZRANGE', pod_calls_key(pod), 0, -1)) do
    if end_or_leave_call(call_sid, pod, how) then ended[#ended + 1] = call_sid end
  end
  return ended
end

-- Whether the call's lease ran out.
local function is_due(call_sid)
  local lease_end = redis.call('ZSCORE', LEASE_ENDS, call_sid)
  return lease_end and tonumber(lease_end) <= now_ms
end

-- The call that the pod's lease names, or named where it is gone.
local function named_call(pod)
  local named = redis.call('HGET', pod_key(pod), 'allocated_call_sid')
  return named and redis.call('ZSCORE', pod_calls_key(pod), named) and named or latest_call(pod)
end

-- Where a pod's lease was deleted by hand, the call that it named has ended. That must be known before anything writes
-- the lease anew: afterwards nothing would show it. Returns the calls that ended, and whether any call has gone.
local function end_calls_of_lost_lease(pod)
  local ended, has_changed = {}, false
  while load_of(pod) > 0 and redis.call('EXISTS', lease_key(pod)) == 0 do
    check_types(LEASE_ENDS)
    local named = named_call(pod)
    if is_due(named) then break end
    has_changed = true
    if end_or_leave_call(named, pod, 'key_deleted') then ended[#ended + 1] = named end
  end
  return ended, has_changed
end

local function holds(pod, call_sid) return redis.call('ZSCORE', pod_calls_key(pod), call_sid) end

-- The pod of a live call, and as the third and fourth the number of its grant and its record; nil where there is none. Then
-- the second is the pod that the index names, where it was asked for: false for none.
local function pod_of_live_call(call_sid)
  local record = record_of(call_sid)
  if record.err then error(record) end
  local recorded = record[1]
  local pod = recorded or redis.call('HGET', CALL_PODS, call_sid)
  local grant = pod and holds(pod, call_sid)
  if not grant then
    if recorded then return nil end
    return nil, pod
  end
  local _, has_changed = end_calls_of_lost_lease(pod)
  if has_changed and not holds(pod, call_sid) then return nil end
  local due = is_due(call_sid)
  if recorded or due then return pod, nil, grant, record end
  return nil
end

-- Writes the record of a live call anew. Who the merchant is, whom it belongs to, and how the pod was found, is lost: without
-- a provider in its record a call is nobody's own, so that each owner can end it.
local function restore_record(call_sid, pod, pool, lifetime_ms)
  local known = redis.call('HMGET', pod_key(pod), 'allocated_call_sid', 'allocated_at', 'source_pool')
  local is_latest = known[1] == call_sid
  redis.call('HSET', call_key(call_sid), 'pod_name', pod, 'source_pool', is_latest and known[3] or pool,
    'merchant_id', '', 'allocated_at', is_latest and known[2] or now_s, 'decision', '')
  redis.call('PEXPIRE', call_key(call_sid), lifetime_ms)
end

-- Extends the lease of a live call to a full lease time from now. What ran out before is written anew.
-- Returns the end of the lease.
local function renew(call_sid, pod, lease_ms, record_ms)
  local is_complete = redis.call('EXISTS', call_key(call_sid), lease_key(pod)) == 2
  if not is_complete then check_calls(pod) end

  local lease_end = now_ms + math.min(lease_ms, record_ms)
  redis.call('ZADD', LEASE_ENDS, lease_end, call_sid)
  if redis.call('PEXPIRE', call_key(call_sid), record_ms) == 0 then
    restore_record(call_sid, pod, redis.call('GET', pod_pool_key(pod)) or '', record_ms)
  end
  -- The lease is the pod's and lasts as long as any of its calls; it keeps naming the same call.
  if redis.call('PEXPIRE', lease_key(pod), lease_ms) == 0 then
    redis.call('SET', lease_key(pod), named_call(pod), 'PX', lease_ms)
  end
  return lease_end
end

-- { 'released', pod, pool, draining, number of the grant }. `number`, `record`: as they were just read.
local function release_from(pod, call_sid, how, number, record)
  local grant, pool, draining = end_call(call_sid, pod, how, number, record)
  return { 'released', pod, pool or '', draining and 1 or 0, grant }
end

-- As `release_from`, or { 'unknown-call' }.
local function release_call(call_sid, how)
  local pod, _, number, record = pod_of_live_call(call_sid)
  return pod and release_from(pod, call_sid, how, number, record) or { 'unknown-call' }
end
