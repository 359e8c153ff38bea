--[[
  Extends the lease of a live call to a full lease time from now.

  KEYS[1]  call:{call_sid}
  ARGV[1]  call_sid
  ARGV[2]  lease time in ms
  ARGV[3]  lifetime of the call's record in ms
  ARGV[4]  the latest time at which this may take effect, in Unix ms

  Output:  { 'renewed', pod, lease end in ms } or { 'unknown-call' }
           or, where nothing was done, { 'held' } or { 'late', now in ms }
]]
--- @include "calls"
--- @include "admission"
local call_sid, lease_ms, record_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

if is_late(ARGV[4]) then return { 'late', tostring(now_ms) } end
if is_held() then return { 'held' } end
check_types(GRANTS)
local pod = pod_of_live_call(call_sid)
if not pod then return { 'unknown-call' } end

local lease_end = renew(call_sid, pod, lease_ms, record_ms)
-- Who sends heartbeats knows of the grant.
redis.call('HSET', KEYS[1], 'request', '', 'met_at', highest_number())
return { 'renewed', pod, tostring(lease_end) }
