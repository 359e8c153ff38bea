--[[
  Tells the present era. It changes with the master's replication id (a failover, a restart) and where the data was
  lost, since its mark is lost with them. Who notices that first makes the store give no new grants for a moment, so
  that all replicas can tell what they have granted.

  KEYS[1]  era
  ARGV[1]  key prefix
  ARGV[2]  the era as the caller knew it, '' for one that starts
  ARGV[3]  how long no new grants are given, in ms; 0 for not at all

  Output:  { 'era', era }
]]
--- @include "eras"
local stored = stored_era()
local replication_id = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
if stored and string.sub(stored, 1, #replication_id) == replication_id then return { 'era', stored } end

local era = replication_id .. ':' .. now_ms
-- The data was lost within the millisecond in which the era began.
if era == ARGV[2] then era = replication_id .. ':' .. (now_ms + 1) end
redis.call('SET', KEYS[1], era)
local hold_ms = tonumber(ARGV[3])
if hold_ms > 0 and (stored or ARGV[2] ~= '') then redis.call('SET', HOLD, '1', 'PX', hold_ms) end
return { 'era', era }
