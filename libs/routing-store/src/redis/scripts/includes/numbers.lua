--- @include "keys"
--- @include "clock"

-- No grant so far has a higher number. Numbers are ahead of the clock where that is behind the one of a former master.
local function highest_number()
  local given = redis.call('GET', GRANTS)
  local now = now_us()
  return given and tonumber(given) > tonumber(now) and given or now
end
