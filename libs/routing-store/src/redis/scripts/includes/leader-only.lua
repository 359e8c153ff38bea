--- @include "keys"
--[[
  The guard at the head of a script that only the leader may run: its epoch, ARGV[1], is the fencing token. One older than
  the newest that ever wrote is refused; a newer one takes over with its first write.
]]
local epoch, accepted_epoch = tonumber(ARGV[1]), tonumber(redis.call('GET', EPOCH) or '0')
if epoch < accepted_epoch then return { 'stale-epoch' } end
if epoch > accepted_epoch then redis.call('SET', EPOCH, epoch) end
