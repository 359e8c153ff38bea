--[[ One clock for all replicas, Redis's own, read once per script. ]]
local time = redis.call('TIME')
local now_s = tonumber(time[1])
local now_ms = now_s * 1000 + math.floor(tonumber(time[2]) / 1000)

-- Microseconds as text: Lua would write a number of that size without its last digits.
local function now_us()
  return #time[2] == 6 and time[1] .. time[2] or string.format('%s%06d', time[1], time[2])
end
