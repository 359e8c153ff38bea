--[[
  Ends a call and offers its slot again, in the pool where the pod belongs now.

  KEYS[1]  call:{call_sid}
  ARGV[1]  key prefix
  ARGV[2]  call_sid

  Output:  { 'released', pod, pool, draining 1 | 0 } or { 'unknown-call' }
]]
--- @include "calls"
return release_call(ARGV[2])
