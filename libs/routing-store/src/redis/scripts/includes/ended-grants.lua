--- @include "keys"
-- A grant that ended is remembered a little longer than replicas remember what they granted, so that one of them that
-- replays it after a failover does not bring it back. Of a call the highest number is enough: it has one grant at a time.
local function note_end(call_sid, grant)
  redis.call('SET', released_key(call_sid), grant, 'PX', RELEASED_MARK_MS)
end

local function has_grant_ended(call_sid, number)
  local ended_up_to = redis.call('GET', released_key(call_sid))
  return ended_up_to and tonumber(ended_up_to) >= tonumber(number)
end
