--[[
  Extends the lease of a live call by a full lease time from now.

  KEYS[1]  call:{call_sid}
  ARGV[1]  key prefix
  ARGV[2]  call_sid
  ARGV[3]  lease time in ms
  ARGV[4]  lifetime of the call's record in ms

  Output:  { 'renewed', pod, lease end in ms } or { 'unknown-call' }
]]
--- @include "calls"
local call_sid, lease_ms, record_ms = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local pod = pod_of_live_call(call_sid)
if not pod then return { 'unknown-call' } end

local lease_end = now_ms + math.min(lease_ms, record_ms)
redis.call('PEXPIRE', KEYS[1], record_ms)
redis.call('ZADD', LEASE_ENDS, lease_end, call_sid)
-- The lease is the pod's and lasts as long as any of its calls; it goes on naming the call that it names.
redis.call('PEXPIRE', lease_key(pod), lease_ms)
return { 'renewed', pod, tostring(lease_end) }
