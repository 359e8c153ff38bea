--- @include "keys"
--[[
  The fencing check of every write that only the leader may do. An epoch older than the newest that ever wrote is
  refused; a newer one takes over with its first write.
]]
local function is_stale(epoch)
  local accepted = tonumber(redis.call('GET', EPOCH) or '0')
  if epoch < accepted then return true end
  if epoch > accepted then redis.call('SET', EPOCH, epoch) end
  return false
end
