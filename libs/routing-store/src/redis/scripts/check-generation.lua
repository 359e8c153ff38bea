--[[
  Reports to the store that a process lives and how far it has replayed what it knows, and returns the generation.

  KEYS[1]  era
  ARGV[1]  the process, '' for one that only asks
  ARGV[2]  the generation that it knows, '' for one that starts
  ARGV[3]  what it has replayed in that generation: '0' nothing, '1' all ends of calls, '2' everything; '3': it leaves
  ARGV[4]  the shortest time in ms in which calls are held after a loss; 0: they are never held
  ARGV[5]  how long a process is waited for that is silent since the loss, in ms
  ARGV[6..] processes that lived when the caller looked last

  Output:  { 'generation', generation, calls are held 1 | 0, all ends are in 1 | 0, now in microseconds,
             { live process... }, no grant so far has a higher number }
]]
--- @include "generation"
local member, known, phase = ARGV[1], ARGV[2], ARGV[3]
local shortest_ms, silence_ms = tonumber(ARGV[4]), tonumber(ARGV[5])

check_types(MEMBERS, GRANTS, REPORTED)
local generation, since = ensure_generation(known, shortest_ms > 0)

-- Nobody knew of this process when the hold began, nor waited for it.
local is_unexpected = known ~= '' and known ~= generation and phase ~= '3' and redis.call('HEXISTS', REPORTED, member) == 0
if is_unexpected and shortest_ms > 0 and now_ms - since < LONGEST_HOLD_MS then hold_calls() end

if phase == '3' then
  redis.call('ZREM', MEMBERS, member)
  redis.call('HDEL', REPORTED, member)
  member = ''
end
if member ~= '' then
  redis.call('ZADD', MEMBERS, now_ms, member)
  redis.call('ZREMRANGEBYSCORE', MEMBERS, '-inf', now_ms - 2 * LONGEST_HOLD_MS)
end

local is_held = redis.call('EXISTS', HOLD) == 1
local ends_missing, is_waiting = false, false

-- What is not reported by now is waited for, as long as its process gives a sign of life.
local function wait_for(name, phase_reached)
  if tonumber(phase_reached) >= 2 then return end
  local seen = tonumber(redis.call('ZSCORE', MEMBERS, name) or '0')
  if now_ms - math.max(seen, since) >= silence_ms then return end
  is_waiting = true
  ends_missing = ends_missing or phase_reached == '0'
end

if is_held then
  for i = 6, #ARGV do redis.call('HSETNX', REPORTED, ARGV[i], '0') end
  if member ~= '' then
    local reached = known == '' and '2' or (known == generation and phase or '0')
    redis.call('HSET', REPORTED, member, reached)
  end
  redis.call('PEXPIRE', REPORTED, RELEASED_MARK_MS)
  local reports = redis.call('HGETALL', REPORTED)
  for i = 1, #reports, 2 do wait_for(reports[i], reports[i + 1]) end
  if not is_waiting and now_ms - since >= shortest_ms then
    redis.call('DEL', HOLD)
    is_held = false
  end
end

local live = redis.call('ZRANGEBYSCORE', MEMBERS, now_ms - LIVE_MS, '+inf')
return { 'generation', generation, is_held and 1 or 0, ends_missing and 0 or 1, now_us(), live, highest_number() }
