--- @include "keys"
--- @include "clock"
--- @include "types"
--- @include "numbers"
--[[
  A generation is the time in which the store has lost nothing that it acknowledged, as far as it can know. Another
  replication id (a failover, a restart) or a missing mark (lost data) begins the next one. Then follows a grace period,
  as NFSv4 has it after the restart of a server (RFC 8881, section 8.4.2): those who held something before reclaim it,
  and nobody gets anything new, until each of them has said that it is done or is taken for dead.
]]

-- The generation and when it began in ms; nil where none was begun since the data was lost.
local function stored_generation()
  local text = redis.call('GET', GENERATION)
  if not text then return nil end
  return text, tonumber(string.match(text, ':(%d+)$') or '0')
end

local function hold_calls()
  redis.call('SET', HOLD, '1', 'PX', LONGEST_HOLD_MS)
end

-- Those who lived at the loss, as far as the store still knows, are waited for.
local function expect_members()
  check_types(MEMBERS)
  local newest = redis.call('ZREVRANGE', MEMBERS, 0, 0, 'WITHSCORES')[2]
  local live = newest and redis.call('ZRANGEBYSCORE', MEMBERS, tonumber(newest) - LIVE_MS, '+inf') or {}
  redis.call('DEL', MEMBERS, REPORTED)
  for _, member in ipairs(live) do
    redis.call('ZADD', MEMBERS, now_ms, member)
    redis.call('HSET', REPORTED, member, '0')
  end
  redis.call('PEXPIRE', REPORTED, RELEASED_MARK_MS)
end

local function replication_id() return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') end

-- Begins another generation where the store may have lost something, or where nobody can know: also a process that starts
-- may be the first to meet a store that was emptied. `known`: the one that the caller knows, '' for none.
-- Returns the generation and when it began.
local function ensure_generation(known, holds)
  local stored, since = stored_generation()
  local id = replication_id()
  if stored and string.sub(stored, 1, #id) == id then return stored, since end

  since = now_ms
  local generation = id .. ':' .. since
  if generation == known then
    -- The data was lost within the millisecond in which the generation began.
    since = since + 1
    generation = id .. ':' .. since
  end
  redis.call('SET', GENERATION, generation)
  expect_members()
  if holds then hold_calls() end
  return generation, since
end

-- Numbers that were given before the loss must not be given again.
local function raise_grant_number(number)
  if tonumber(number) > (tonumber(redis.call('GET', GRANTS)) or 0) then redis.call('SET', GRANTS, number) end
end
