--[[
  Repeats the end of a call that was acknowledged and perhaps lost since, or whose outcome is unknown. It concerns the
  grants up to a number: a later grant of the same call is another one. Repeating it changes nothing.

  KEYS[1]  call:{call_sid}
  ARGV[1]  call_sid
  ARGV[2]  the highest number that the ended grant can have
  ARGV[3]  '1': the release was not answered, so that a request which has met the grant since wants it

  Output:  { 'released' } where it was still there, { 'kept' } where it is wanted, else { 'noted' }
]]
--- @include "calls"
--- @include "generation"
local call_sid, number = ARGV[1], ARGV[2]

check_types(GRANTS)
local pod, _, grant = pod_of_live_call(call_sid)
local is_meant = grant and tonumber(grant) <= tonumber(number)
if is_meant and ARGV[3] == '1' then
  local met_at = redis.call('HGET', KEYS[1], 'met_at')
  if met_at and tonumber(met_at) >= tonumber(number) then return { 'kept' } end
end
if is_meant then end_call(call_sid, pod, 'released') end
if not has_grant_ended(call_sid, number) then note_end(call_sid, number) end
raise_grant_number(number)
return { is_meant and 'released' or 'noted' }
