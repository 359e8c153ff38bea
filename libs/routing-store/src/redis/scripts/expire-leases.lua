--[[
  Ends calls whose lease ran out, and offers pods again whose drain ran out. The cost follows their number.

  Leases are suspect that ran out by a clock that is ahead of what the caller expects, or more of them at once than is
  likely: their calls are kept, and end when the caller confirms it.

  KEYS[1]  calls:expiry
  ARGV[1]  epoch
  ARGV[2]  how many of each are handled at most
  ARGV[3]  how many leases may always run out at once
  ARGV[4]  or this share of all of them, from 0 to 1
  ARGV[5]  leases that end until then are suspect, in Unix ms; 0 for none
  ARGV[6]  '1': these are confirmed to have run out
  ARGV[7]  the latest that it can be, in Unix ms

  Output:  { 'expired', { call_sid, pod, call_sid, pod... }, { pod... }, more 1 | 0, calls kept,
             others became suspect 1 | 0, now in ms }
           or { 'stale-epoch' }

  A pod with a key of another type is passed over: its repair comes first.
]]
--- @include "leader-only"
--- @include "indexes"
--- @include "admission"

-- Heartbeats are refused meanwhile.
if is_held() then return { 'expired', {}, {}, 0, 0, 0, tostring(now_ms) } end

local limit = tonumber(ARGV[2])

local ended = {}
local function note(call_sid, pod)
  ended[#ended + 1] = call_sid
  ended[#ended + 1] = pod
end

local function check_due_call(pod)
  check_types(pod_calls_key(pod))
  check_calls(pod)
end

local suspect_until, is_confirmed, latest_now = tonumber(ARGV[5]), ARGV[6] == '1', tonumber(ARGV[7])
local function count(from, to) return redis.call('ZCOUNT', LEASE_ENDS, from, to) end

local fresh = count('(' .. ARGV[5], now_ms)
local is_suspect = fresh > 0 and (now_ms > latest_now
  or fresh > math.max(tonumber(ARGV[3]), tonumber(ARGV[4]) * redis.call('ZCARD', LEASE_ENDS)))

local first_end = is_confirmed and '-inf' or ('(' .. ARGV[5])
local last_end = is_suspect and math.min(suspect_until, now_ms) or now_ms
local kept = count('-inf', now_ms) - count(first_end, last_end)
local due_calls = redis.call('ZRANGEBYSCORE', LEASE_ENDS, first_end, last_end, 'LIMIT', 0, limit)
local due_drains = redis.call('ZRANGEBYSCORE', DRAINS, '-inf', now_ms, 'LIMIT', 0, limit)
local calls_seen = 0
for _, call_sid in ipairs(due_calls) do
  local pod = holder_of(call_sid)
  local ok = not pod or pcall(check_due_call, pod)
  if ok then calls_seen = calls_seen + 1 end
  if not pod then
    forget_call(call_sid)
  elseif ok then
    for _, lost in ipairs(end_calls_of_lost_lease(pod)) do note(lost, pod) end
    if holds(pod, call_sid) then
      end_call(call_sid, pod, 'lease_expired')
      note(call_sid, pod)
    end
  end
end

local undrained = {}

local drains_seen = 0
for _, pod in ipairs(due_drains) do
  local ok, is_offered = pcall(end_drain, pod)
  if ok then drains_seen = drains_seen + 1 end
  if ok and is_offered then undrained[#undrained + 1] = pod end
end

-- Where all of them had to be passed over, another run would meet the same again.
local more = (#due_calls == limit and calls_seen > 0) or (#due_drains == limit and drains_seen > 0)
return { 'expired', ended, undrained, more and 1 or 0, kept, is_suspect and 1 or 0, tostring(now_ms) }
