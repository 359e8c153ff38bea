--[[
  Compare and set for the lease of the leader: stores a text only where the one that it was made from is still there.

  KEYS[1]  leader:lease
  ARGV[1]  the text that must be there, '' for none
  ARGV[2]  the new text

  Output:  { 'replaced', stored 1 | 0 }
]]
--- @include "lease"
if stored_lease(KEYS[1]) ~= ARGV[1] then return { 'replaced', 0 } end
redis.call('SET', KEYS[1], ARGV[2])
return { 'replaced', 1 }
