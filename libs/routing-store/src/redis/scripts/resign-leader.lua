--[[
  Takes the announcement of a leader back, unless another one has announced itself since.

  KEYS[1]  leader
  ARGV[1]  epoch

  Output:  { 'resigned' }
]]
--- @include "keys"
if redis.call('HGET', LEADER, 'epoch') == ARGV[1] then redis.call('DEL', LEADER) end
return { 'resigned' }
