--[[
  KEYS[1]  call:{call_sid}
  ARGV[1]  key prefix
  ARGV[2]  call_sid

  Output:  { call_sid, pod, pool, merchant_id, provider, allocated_at in s, lease end in ms, decision } or nil
]]
--- @include "views"
return view_call(ARGV[2]) or false
