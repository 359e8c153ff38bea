--- @include "keys"
--- @include "clock"

-- No grant so far has a higher number. Numbers are ahead of the clock where that is behind the one of a former master.
local function highest_number()
  local given = redis.call('GET', GRANTS)
  local now = now_us()
  return given and tonumber(given) > tonumber(now) and given or now
end

-- The number of the next grant: Redis's time in microseconds, but higher than every number before, a hybrid logical clock
-- (Kulkarni et al. 2014). So numbers order grants across a loss of the counter, and can be compared with a time.
-- `command`: redis.call, or redis.pcall; then nil where Redis refuses it, and nothing was written.
local function next_grant_number(command)
  local number = now_us()
  local last = command('SET', GRANTS, number, 'GET')
  if type(last) == 'table' then return nil end
  if not last or tonumber(last) < tonumber(number) then return number end
  number = string.format('%.0f', tonumber(last) + 1)
  redis.call('SET', GRANTS, number)
  return number
end
