--[[
  Asks a store that was just connected to which one it is, by a mark that the first process has left in it, and whether
  it may have lost something since. An empty store is given a mark.

  KEYS[1]  instance
  ARGV[1]  the mark that the store should have, left where there is none
  ARGV[2]  '1': calls are held after a loss
  ARGV[3]  '1': a generation begins where something may have been lost

  Output:  { 'instance', mark, since when it is there in ms, now in ms, all that the key holds, replication id }
]]
--- @include "generation"
quarantine(INSTANCE)
local stored = redis.call('GET', INSTANCE)
if not stored then
  stored = ARGV[1] .. ' ' .. now_ms
  redis.call('SET', INSTANCE, stored)
end
local mark, since_ms = string.match(stored, '^(%S+) (%d+)$')
-- Before anything else is asked for on this connection, but not in the store of another installation.
if mark == ARGV[1] and ARGV[3] == '1' then ensure_generation('', ARGV[2] == '1') end
return { 'instance', mark or stored, since_ms or '0', tostring(now_ms), stored, replication_id() }
