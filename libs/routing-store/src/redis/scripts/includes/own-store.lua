--[[
  Before each script: nothing of it happens in the store of another installation, nor in one that was emptied and not looked
  at since. A database can be exchanged under a connection that stays (SWAPDB, FLUSHALL, a proxy), so that only the command
  itself can know. The last two arguments are the key of the mark and all that it holds; the script does not see them.
]]
local count = #ARGV
if redis.pcall('GET', ARGV[count - 1]) ~= ARGV[count] then
  return redis.error_reply('UNKNOWNSTORE the mark of the store is another one')
end
ARGV[count], ARGV[count - 1] = nil, nil
