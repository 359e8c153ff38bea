--[[
  Takes back a request that was never answered. Its grant ends where no other request has met it, or all were taken back.

  KEYS[1]  call:{call_sid}
  ARGV[1]  call_sid
  ARGV[2]  the request that was not answered

  Output:  { 'abandoned', number of the grant } or { 'claimed', grants of the call have ended up to this number or '' }:
           nothing to end; { 'held' } where nothing was done
]]
--- @include "calls"
--- @include "admission"
local call_sid = ARGV[1]

if is_held() then return { 'held' } end
local pod = pod_of_live_call(call_sid)
local requests = pod and redis.call('HGET', KEYS[1], 'request') or ''
local others, is_named = {}, false
for request in string.gmatch(requests, '%S+') do
  if request == ARGV[2] then is_named = true else others[#others + 1] = request end
end
-- Where it was asked for before, and the answer was lost, the mark names what has ended.
if not is_named then return { 'claimed', redis.call('GET', released_key(call_sid)) or '' } end
if #others > 0 then
  redis.call('HSET', KEYS[1], 'request', table.concat(others, ' '))
  return { 'claimed', '' }
end
local grant = end_call(call_sid, pod, 'not_answered')
return { 'abandoned', grant }
