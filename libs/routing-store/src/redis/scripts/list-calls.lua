--[[
  A page of live calls by the end of their lease.

  KEYS[1]  calls:expiry
  ARGV[1]  the lease end in ms of the last call of the page before, '0' at first
  ARGV[2]  that call's call_sid, '' at first
  ARGV[3]  how many at most
  ARGV[4]  only on pods taken from this pool, '' for all
  ARGV[5]  only of this merchant, '' for all

  Output:  { 'page', more 1 | 0, { lease end, call_sid } of the last one read or {}, { call view... } }
]]
--- @include "views"
local MAX_CALLS_READ = 1000
local after_end, after_sid, limit, pool, merchant_id = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]

-- The call of the cursor may have ended meanwhile: then its place in the order counts.
local function first_rank()
  if redis.call('ZSCORE', LEASE_ENDS, after_sid) == after_end then
    return redis.call('ZRANK', LEASE_ENDS, after_sid) + 1
  end
  return redis.call('ZCOUNT', LEASE_ENDS, '-inf', '(' .. after_end)
end

local function is_past_cursor(call_sid, lease_end)
  return lease_end ~= after_end or call_sid > after_sid
end

local first = first_rank()
local entries = redis.call('ZRANGE', LEASE_ENDS, first, first + MAX_CALLS_READ - 1, 'WITHSCORES')
local page, last = {}, {}
for i = 1, #entries, 2 do
  local call_sid, lease_end = entries[i], entries[i + 1]
  last = { lease_end, call_sid }
  local view = is_past_cursor(call_sid, lease_end) and view_call(call_sid)
  if view and (pool == '' or view[3] == pool) and (merchant_id == '' or view[4] == merchant_id) then
    page[#page + 1] = view
  end
  if #page == limit then
    return { 'page', (i + 1 < #entries or #entries == 2 * MAX_CALLS_READ) and 1 or 0, last, page }
  end
end
return { 'page', #entries == 2 * MAX_CALLS_READ and 1 or 0, last, page }
