--- @include "keys"
--- @include "clock"
--- @include "numbers"
--[[
  Whether a command about a call may take effect now.

  Not late: a command that was delayed on its way until its caller was answered that the store is unavailable must not
  take effect. The caller may have asked again elsewhere meanwhile, and have ended what it got there.
  Not held: after a loss the processes replay what they know first.
]]
local function is_late(not_after_ms) return now_ms > tonumber(not_after_ms) end

-- One question for both keys: a hold counts twice. A store without a generation has lost its data just now.
local function is_held() return redis.call('EXISTS', HOLD, HOLD, GENERATION) ~= 1 end

-- Another request has met the grant: it lasts until none of its requests is left that may have been answered, and a release
-- that was asked for before does not mean it any more.
local function note_met(record, requests, request)
  local is_known = not requests or requests == '' or request == '' or #requests > MAX_REQUESTS_LENGTH
  redis.call('HSET', record, 'met_at', highest_number(), 'request', is_known and '' or (requests .. ' ' .. request))
end
