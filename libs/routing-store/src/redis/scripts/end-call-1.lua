--[[
  Ends a call, and remembers that it has ended, so that a late allocate for it takes no pod.

  KEYS[1]  call:{call_sid}
  ARGV[1]  key prefix
  ARGV[2]  call_sid
  ARGV[3]  how long it is remembered, in ms
  ARGV[4]  the latest time at which this may take effect, in Unix ms
  ARGV[5]  '' for an end that is reported now; for one that is repeated, which may happen while calls are held, the highest
           number that the ended grant can have: a later grant is another one, and is not barred

  Output:  { 'released', pod, pool, draining 1 | 0, number of the grant } or { 'unknown-call' }
           or, where nothing was done, { 'held' } or { 'late', now in ms }
]]
--- @include "calls"
--- @include "admission"
if is_late(ARGV[4]) then return { 'late', tostring(now_ms) } end
if ARGV[5] == '' and is_held() then return { 'held' } end
if ARGV[5] ~= '' then
  local pod, _, grant = pod_of_live_call(ARGV[2])
  if pod and tonumber(grant) > tonumber(ARGV[5]) then return { 'unknown-call' } end
end
-- The release first: a Redis that is out of memory refuses a script whose first write needs some.
local outcome = release_call(ARGV[2], 'provider_ended')
redis.call('SET', ended_key(ARGV[2]), '1', 'PX', ARGV[3])
return outcome
