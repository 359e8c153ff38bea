--[[ The lease of the leader, '' where there is none. A key of another type is nobody's lease. ]]
local function stored_lease(key)
  if redis.call('TYPE', key).ok ~= 'string' then return '' end
  return redis.call('GET', key)
end
