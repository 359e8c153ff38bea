--[[
  Announces to all replicas who leads, for a while.

  KEYS[1]  leader
  ARGV[1]  epoch
  ARGV[2]  identity
  ARGV[3]  how long the announcement stands, in ms

  Output:  { 'announced', an announcement of this epoch was there 1 | 0 } or { 'stale-epoch' }
]]
--- @include "clock"
--- @include "leader-only"
local renewed = redis.call('HGET', LEADER, 'epoch') == ARGV[1]
if not renewed then
  redis.call('HSET', LEADER, 'epoch', ARGV[1], 'since', now_ms)
end
redis.call('HSET', LEADER, 'identity', ARGV[2])
redis.call('PEXPIRE', LEADER, ARGV[3])
return { 'announced', renewed and 1 or 0 }
