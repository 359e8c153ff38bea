--[[
  Ends a grant whose request was never answered, where no other request for the same call has met it since.

  KEYS[1]  call:{call_sid}
  ARGV[1]  key prefix
  ARGV[2]  call_sid
  ARGV[3]  the request that was not answered

  Output:  { 'abandoned', number of the grant } or { 'claimed' }: nothing to end; { 'held' } where nothing was done
]]
--- @include "calls"
--- @include "admission"
local call_sid = ARGV[2]

if is_held() then return { 'held' } end
local pod = pod_of_live_call(call_sid)
if not pod or redis.call('HGET', KEYS[1], 'request') ~= ARGV[3] then return { 'claimed' } end
local grant = end_call(call_sid, pod)
return { 'abandoned', grant }
