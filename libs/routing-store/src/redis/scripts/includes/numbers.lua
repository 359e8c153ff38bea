--- @include "keys"
--- @include "clock"

-- No grant so far has a higher number. Numbers are ahead of the clock where that is behind the one of a former master.
-- What a hand has put in their place is none.
local function highest_number()
  local given, now = redis.call('GET', GRANTS), now_us()
  return (tonumber(given) or 0) > tonumber(now) and given or now
end

-- The number of the next grant: Redis's time in microseconds, but higher than every number before, a hybrid logical clock
-- (Kulkarni et al. 2014). So numbers order grants across a loss of the counter, and can be compared with a time.
-- `command`: redis.call, or redis.pcall; then nil where Redis refuses it, and nothing was written.
local function next_grant_number(command)
  local number = now_us()
  local stored = command('SET', GRANTS, number, 'GET')
  if type(stored) == 'table' then return nil end
  local last = tonumber(stored) or 0
  if last < tonumber(number) then return number end
  number = string.format('%.0f', last + 1)
  redis.call('SET', GRANTS, number)
  return number
end
