--- @include "keys"
--- @include "types"
--[[
  How many marks of ended calls are left for calls that the store has never met. Anybody may report the end of those where a
  provider has no secret, and each mark takes memory. The first of a row of reports begins a window as long as a mark lasts;
  within it that number is admitted, so that at most twice as many marks stand at a time.
]]

-- A call that has ended lately is known: there are at most as many of those as there were calls.
local function admit_unknown_end(call_sid, owners, max, window_ms)
  if max == '' or redis.call('EXISTS', released_key(call_sid)) == 1 then return true end
  local reporter = string.match(owners, '%S+')
  local key = unknown_ends_key(reporter)
  -- What a hand has put there is no count.
  local count = tonumber(string.match(or_nil(redis.pcall('GET', key)) or '', '^[1-9]%d*$') or '0')
  local is_full = count >= tonumber(max)
  -- Where a hand has taken the end of the window away, it is over.
  if is_full and redis.call('PTTL', key) ~= -1 then return false end
  if is_full or count == 0 then redis.call('SET', key, '1', 'PX', window_ms) else redis.call('INCR', key) end
  return true
end
