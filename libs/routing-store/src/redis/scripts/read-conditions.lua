--[[
  The condition of a page of pods. It costs a few commands a pod, whatever calls there are.

  KEYS[1]  pods
  ARGV[1]  the last name of the page before, '' at first
  ARGV[2]  how many pods are read

  Output:  { 'page', next cursor or '', { { pool, pods that are not ready }... },
             age of the oldest call in ms or '', { { pool or '', age of its oldest drain in ms }... } }
]]
--- @include "pods"
local cursor, limit = ARGV[1], tonumber(ARGV[2])
local now_number = tonumber(now_us())

local function older(age, other) return other and (not age or other > age) and math.max(other, 0) or age end

local function call_age(pod)
  local oldest = or_nil(redis.pcall('ZRANGE', pod_calls_key(pod), 0, 0, 'WITHSCORES')) or {}
  return oldest[2] and math.floor((now_number - tonumber(oldest[2])) / 1000)
end

-- A drain that ran out leaves the field until it is swept. One that was written by hand may be no time.
local function drain_age(pod, since_ms)
  local since = tonumber(string.match(since_ms or '', '^%d+$'))
  return since and is_draining(pod) and now_ms - since
end

local names = or_nil(redis.pcall('ZRANGEBYLEX', PODS, cursor == '' and '-' or ('(' .. cursor), '+', 'LIMIT', 0,
  limit)) or {}
local not_ready, oldest_call, oldest_drains = {}, nil, {}
for _, pod in ipairs(names) do
  local fields = or_nil(redis.pcall('HMGET', pod_key(pod), 'ready', 'draining_since')) or {}
  local pool = or_nil(redis.pcall('GET', pod_pool_key(pod)))
  if pool and fields[1] ~= '1' then not_ready[pool] = (not_ready[pool] or 0) + 1 end
  oldest_call = older(oldest_call, call_age(pod))
  oldest_drains[pool or ''] = older(oldest_drains[pool or ''], drain_age(pod, fields[2]))
end

local function pairs_of(numbers)
  local list = {}
  for pool, number in pairs(numbers) do list[#list + 1] = { pool, number } end
  return list
end

return { 'page', #names == limit and names[#names] or '', pairs_of(not_ready), oldest_call or '', pairs_of(oldest_drains) }
