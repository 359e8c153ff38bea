--[[
  Ends a call and offers its slot again, in the pool where the pod belongs now.

  KEYS[1]  call:{call_sid}
  ARGV[1]  key prefix
  ARGV[2]  call_sid

  Output:  { 'released', pod, pool, draining 1 | 0, number of the grant } or { 'unknown-call' }
]]
--- @include "calls"
--- @include "eras"
local outcome = release_call(ARGV[2])
if outcome[1] == 'unknown-call' then note_unknown_release(ARGV[2]) end
return outcome
