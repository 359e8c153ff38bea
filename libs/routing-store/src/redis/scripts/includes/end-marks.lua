--- @include "keys"
--- @include "clock"
--[[
  Whom a call belongs to, and marks of calls whose end a provider has reported.

  A call belongs to the provider in whose name it was brought, folded, or to the API where none was named. A request acts for
  one owner or more, separated by spaces; the API itself acts for all of them, which is ''. A mark names the owners whose
  requests for the call take no pod any more; '1', the mark of former versions, names all of them.
]]
local ALL_OWNERS_MARK = '1'

local function owner_of(provider) return provider == '' and API_OWNER or string.lower(provider) end

local function is_listed(owners, owner)
  for one in string.gmatch(owners, '%S+') do
    if one == owner then return true end
  end
  return false
end

-- `provider`: as the record of the call has it; false where the record is gone, so that nobody knows.
local function may_act(owners, provider) return owners == '' or not provider or is_listed(owners, owner_of(provider)) end

-- Another type under the key bars as the mark of all owners does.
local function end_mark(call_sid)
  local mark = redis.pcall('GET', ended_key(call_sid))
  return type(mark) == 'table' and ALL_OWNERS_MARK or mark
end

local function entries_of(mark) return string.gmatch(mark, '(%S+)=(%d+)') end

local function bars(mark, owner)
  if not mark or mark == ALL_OWNERS_MARK then return mark end
  for one, until_ms in entries_of(mark) do
    if one == owner then return tonumber(until_ms) > now_ms end
  end
  return false
end

local function is_barred(call_sid, provider) return bars(end_mark(call_sid), owner_of(provider)) end

local function are_barred(call_sid, owners)
  local mark = end_mark(call_sid)
  for owner in string.gmatch(owners, '%S+') do
    if not bars(mark, owner) then return false end
  end
  return true
end

-- The entries of other owners stay as they are.
local function bar(call_sid, owners, mark_ms)
  local mark, entries = end_mark(call_sid), {}
  for owner, until_ms in entries_of(mark or '') do
    if not is_listed(owners, owner) and tonumber(until_ms) > now_ms then entries[#entries + 1] = owner .. '=' .. until_ms end
  end
  for owner in string.gmatch(owners, '%S+') do entries[#entries + 1] = owner .. '=' .. (now_ms + tonumber(mark_ms)) end
  local text = mark == ALL_OWNERS_MARK and mark or table.concat(entries, ' ')
  redis.call('SET', ended_key(call_sid), text, 'PX', mark_ms)
end
