--[[
  Ends calls whose lease ran out, and offers pods again whose drain ran out. The cost follows their number.

  KEYS[1]  calls:expiry
  ARGV[1]  key prefix
  ARGV[2]  epoch
  ARGV[3]  how many of each are looked at

  Output:  { 'expired', { call_sid, pod, call_sid, pod... }, { pod... }, more 1 | 0 } or { 'stale-epoch' }
]]
--- @include "epoch"
--- @include "calls"
if is_stale(tonumber(ARGV[2])) then return { 'stale-epoch' } end

local limit = tonumber(ARGV[3])

local ended = {}
local function note(call_sid, pod)
  ended[#ended + 1] = call_sid
  ended[#ended + 1] = pod
end

local due_calls = redis.call('ZRANGEBYSCORE', LEASE_ENDS, '-inf', now_ms, 'LIMIT', 0, limit)
for _, call_sid in ipairs(due_calls) do
  local pod = redis.call('HGET', CALL_PODS, call_sid)
  if pod then
    for _, lost in ipairs(end_calls_of_lost_lease(pod)) do note(lost, pod) end
    if holds(pod, call_sid) then
      end_call(call_sid, pod)
      note(call_sid, pod)
    end
  else
    redis.call('ZREM', LEASE_ENDS, call_sid)
  end
end

local undrained = {}
local due_drains = redis.call('ZRANGEBYSCORE', DRAINS, '-inf', now_ms, 'LIMIT', 0, limit)
for _, pod in ipairs(due_drains) do
  local remaining = redis.call('PTTL', pod_drain_key(pod))
  if remaining == -2 then
    clear_drain(redis.call('GET', pod_pool_key(pod)), pod)
    settle(pod)
    undrained[#undrained + 1] = pod
  else
    keep_drain(redis.call('GET', pod_pool_key(pod)), pod, remaining)
  end
end

return { 'expired', ended, undrained, (#due_calls == limit or #due_drains == limit) and 1 or 0 }
