--[[
  KEYS[1]  call:{call_sid}
  ARGV[1]  call_sid

  Output:  { 'live', { call_sid, pod, pool, merchant_id, provider, allocated_at in s, lease end in ms, decision } },
           { 'past', JSON of past:{call_sid} } for one that has ended or was refused a short while ago, or { 'unknown-call' }
]]
--- @include "views"
local view = view_call(ARGV[1])
if view then return { 'live', view } end
local past = or_nil(redis.pcall('GET', past_key(ARGV[1])))
return past and { 'past', past } or { 'unknown-call' }
