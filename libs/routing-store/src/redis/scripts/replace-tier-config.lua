--[[
  Compare and set for the tier config: stores a text only where the one that it was made from is still there.

  KEYS[1]  tier:config
  KEYS[2]  tier:config:version
  KEYS[3]  tier:config:history
  KEYS[4]  changes
  ARGV[1]  the text that must be there, '' for none
  ARGV[2]  the new text
  ARGV[3]  its version
  ARGV[4]  how many texts are kept, 2 or more
  ARGV[5]  the channel where the change is announced
  ARGV[6..9]  action, actor, request id and client address, for the change log

  Output:  { 'replaced', stored, refusal }: 1 where it was stored, else 0; and why the change could not be announced, '' where it was
]]
--- @include "change-log"
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return { 'replaced', 0, '' } end
-- Redis keeps what was written before a failure. So what may fail comes first, and last the text that puts it in force.
redis.call('LTRIM', KEYS[3], 0, tonumber(ARGV[4]) - 2)
record_change(KEYS[4], { ARGV[6], ARGV[7], ARGV[8], ARGV[9] }, '', ARGV[3], ARGV[1], ARGV[2])
redis.call('LPUSH', KEYS[3], ARGV[3] .. ' ' .. ARGV[2])
redis.call('SET', KEYS[2], ARGV[3])
redis.call('SET', KEYS[1], ARGV[2])
-- A hint: the others look by themselves, so that it must not fail the change that it announces.
local announced = redis.pcall('PUBLISH', ARGV[5], ARGV[3])
return { 'replaced', 1, type(announced) == 'table' and announced.err or '' }
