--[[
  Draws an epoch that is higher than all that were drawn and all that ever wrote. The two differ when the data was
  lost: the current leader continues to write with its epoch, while the counter starts anew.

  KEYS[1]  leader:epoch:next

  Output:  { 'claimed', epoch }
]]
--- @include "keys"
local drawn = tonumber(redis.call('GET', KEYS[1]) or '0')
local accepted = tonumber(redis.call('GET', EPOCH) or '0')
local epoch = math.max(drawn, accepted) + 1
redis.call('SET', KEYS[1], epoch)
return { 'claimed', epoch }
