--[[
  Compare and set for the tier config: stores a text only where the one that it was made from is still there.

  KEYS[1]  tier:config
  KEYS[2]  tier:config:version
  KEYS[3]  tier:config:history
  ARGV[1]  the text that must be there, '' for none
  ARGV[2]  the new text
  ARGV[3]  its version
  ARGV[4]  how many texts are kept
  ARGV[5]  the channel where the change is announced

  Output:  1 where it was stored, else 0
]]
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
-- First what fails where the key has another type: Redis keeps what was written before.
redis.call('LPUSH', KEYS[3], ARGV[3] .. ' ' .. ARGV[2])
redis.call('SET', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[3])
redis.call('LTRIM', KEYS[3], 0, tonumber(ARGV[4]) - 1)
redis.call('PUBLISH', ARGV[5], ARGV[3])
return 1
