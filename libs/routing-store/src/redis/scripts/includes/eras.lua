--- @include "keys"
--- @include "clock"
--[[ An era is the time in which the store has lost nothing that it acknowledged, as far as it can tell. ]]

-- Longer than any replica remembers its grants after an era began.
local UNSETTLED_MS = 120000

-- The era and when it began in ms; nil where none was observed since the data was lost.
local function stored_era()
  local era = redis.call('GET', ERA)
  if not era then return nil end
  return era, tonumber(string.match(era, ':(%d+)$') or '0')
end

-- A call that is released while its grant is lost: nobody can name the grant, so all until now are meant.
local function note_unknown_release(call_sid)
  local era, since = stored_era()
  if era and now_ms - since > UNSETTLED_MS then return end
  redis.call('SET', unknown_release_key(call_sid), now_s, 'PX', UNSETTLED_MS)
end

local function was_released_unknown(call_sid, allocated_at)
  local released_at = redis.call('GET', unknown_release_key(call_sid))
  return released_at and allocated_at <= tonumber(released_at)
end
