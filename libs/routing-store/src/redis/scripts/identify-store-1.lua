--[[
  Tells which store this is, by a mark that the first process has left in it. An empty store is given one.

  KEYS[1]  instance
  ARGV[1]  key prefix
  ARGV[2]  the mark to leave where there is none

  Output:  { 'instance', mark, since when it is there in ms, now in ms }
]]
--- @include "types"
--- @include "clock"
set_aside('string', KEYS[1])
local stored = redis.call('GET', KEYS[1])
if not stored then
  stored = ARGV[2] .. ' ' .. now_ms
  redis.call('SET', KEYS[1], stored)
end
local mark, since_ms = string.match(stored, '^(%S+) (%d+)$')
return { 'instance', mark or stored, since_ms or '0', tostring(now_ms) }
