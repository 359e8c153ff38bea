--[[
  Takes entries out of the indexes of the whole fleet that no pod stands behind, one bounded step of a scan at a time.

  KEYS[1]  calls:expiry
  ARGV[1]  epoch
  ARGV[2]  cursor: 'index number/scan cursor', '1/0' at first

  Output:  { 'swept', next cursor or '', { call_sid or pod that was taken out... }, { pod that was not listed... } }
           or { 'stale-epoch' }
]]
--- @include "leader-only"
--- @include "indexes"

local ENTRIES_PER_STEP = 50

check_types(LEASE_ENDS, CALL_PODS, PODS)

local evicted = {}

local function sweep_call(call_sid)
  local pod = holder_of(call_sid)
  if not pod then
    forget_call(call_sid)
    evicted[#evicted + 1] = call_sid
  else
    list_pod(pod)
  end
end

local function sweep_drain(pod)
  if is_known(pod) then return end
  redis.call('ZREM', DRAINS, pod)
  evicted[#evicted + 1] = pod
end

local function sweep_metadata(pod)
  if is_known(pod) then return end
  redis.call('HDEL', POD_METADATA, pod)
  evicted[#evicted + 1] = pod
end

-- Where both indexes of the calls are equally long, the second one holds what the first one did.
local function has_more_entries() return redis.call('HLEN', CALL_PODS) ~= redis.call('ZCARD', LEASE_ENDS) end

local function scan_zset(key, cursor) return redis.call('ZSCAN', key, cursor, 'COUNT', ENTRIES_PER_STEP) end
local function scan_hash(key, cursor) return redis.call('HSCAN', key, cursor, 'COUNT', ENTRIES_PER_STEP) end

local indexes = {
  { key = LEASE_ENDS, scan = scan_zset, sweep = sweep_call },
  { key = CALL_PODS, scan = scan_hash, sweep = sweep_call, is_due = has_more_entries },
  { key = DRAINS, scan = scan_zset, sweep = sweep_drain },
  { key = POD_METADATA, scan = scan_hash, sweep = sweep_metadata },
}

local number, cursor = string.match(ARGV[2], '^(%d+)/(%d+)$')
number = tonumber(number)
local index = indexes[number]
if cursor ~= '0' or not index.is_due or index.is_due() then
  local page = index.scan(index.key, cursor)
  cursor = page[1]
  for i = 1, #page[2], 2 do index.sweep(page[2][i]) end
end

if cursor == '0' then number = number + 1 end
return { 'swept', number > #indexes and '' or (number .. '/' .. cursor), evicted, found_pods }
