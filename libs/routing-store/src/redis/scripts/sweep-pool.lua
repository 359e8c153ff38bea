--[[
  Takes members out of a pool's sets that do not belong to the pool, one bounded step of a scan at a time.

  KEYS[1]  pools
  ARGV[1]  epoch
  ARGV[2]  pool
  ARGV[3]  cursor: 'set number/scan cursor', '1/0' at first

  Output:  { 'swept', next cursor or '', { evicted member... }, { pod that was not listed... } } or { 'stale-epoch' }
]]
--- @include "leader-only"
--- @include "indexes"

local MEMBERS_PER_STEP = 100
local pool = ARGV[2]
local sets = {
  assigned_key(pool), available_key(pool), previous_structure_key(pool), pool_drains_key(pool), pool_calls_key(pool),
}
local number, cursor = string.match(ARGV[3], '^(%d+)/(%d+)$')
number = tonumber(number)

-- Another type under the key proves nothing about the pod; the repair of the pod needs to find it here.
local function is_pod_here(pod)
  local found = redis.pcall('GET', pod_pool_key(pod))
  return found == pool or (type(found) == 'table' and found.err ~= nil)
end

-- A call belongs where the pod does that holds it.
local function is_call_here(call_sid)
  local pod = holder_of(call_sid)
  return pod and is_pod_here(pod)
end

check_types(PODS, CALL_PODS)

local key = sets[number]
local kind = type_of(key)
local evicted = {}
if kind == 'set' or kind == 'zset' then
  local page = redis.call(kind == 'set' and 'SSCAN' or 'ZSCAN', key, cursor, 'COUNT', MEMBERS_PER_STEP)
  cursor = page[1]
  for i = 1, #page[2], kind == 'set' and 1 or 2 do
    local member = page[2][i]
    local is_call = key == pool_calls_key(pool)
    local belongs = is_call and is_call_here(member) or not is_call and is_pod_here(member)
    if not belongs then
      remove_member(key, kind, member)
      evicted[#evicted + 1] = member
    elseif not is_call then
      list_pod(member)
    end
  end
else
  cursor = '0'
end

if cursor == '0' then number = number + 1 end
return { 'swept', number > #sets and '' or (number .. '/' .. cursor), evicted, found_pods }
