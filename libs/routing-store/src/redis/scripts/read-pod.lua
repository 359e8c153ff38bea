--[[
  KEYS[1]  pod:{pod}
  ARGV[1]  pod

  Output:  { 'pod', { pod, pool, incarnation, ready, draining, lease or '', { call_sid... },
             drains since in ms or '', drain ends in ms or '', terminating '1' | '0' } } or { 'unknown-pod' }
]]
--- @include "views"
local view = view_pod(ARGV[1])
return view and { 'pod', view } or { 'unknown-pod' }
