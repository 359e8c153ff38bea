--[[
  Repeats the end of a grant that was acknowledged and perhaps lost since. Repeating it changes nothing.

  KEYS[1]  call:{call_sid}
  ARGV[1]  key prefix
  ARGV[2]  call_sid
  ARGV[3]  number of the grant

  Output:  { 'released' } where it was still there, else { 'noted' }
]]
--- @include "calls"
local call_sid, number = ARGV[2], ARGV[3]

local pod = pod_of_live_call(call_sid)
if pod and grant_of(call_sid, pod) == number then
  end_call(call_sid, pod)
  return { 'released' }
end
note_end(call_sid, number)
return { 'noted' }
