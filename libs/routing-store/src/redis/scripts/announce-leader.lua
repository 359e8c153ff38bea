--[[
  Announces to all replicas who leads, for a while.

  KEYS[1]  leader
  ARGV[1]  key prefix
  ARGV[2]  epoch
  ARGV[3]  identity
  ARGV[4]  how long the announcement stands, in ms

  Output:  { 'announced', an announcement of this epoch was there 1 | 0 } or { 'stale-epoch' }
]]
--- @include "clock"
--- @include "leader-only"
local renewed = redis.call('HGET', LEADER, 'epoch') == ARGV[2]
if not renewed then
  redis.call('HSET', LEADER, 'epoch', ARGV[2], 'since', now_ms)
end
redis.call('HSET', LEADER, 'identity', ARGV[3])
redis.call('PEXPIRE', LEADER, ARGV[4])
return { 'announced', renewed and 1 or 0 }
