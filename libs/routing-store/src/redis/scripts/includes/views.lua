--- @include "keys"
--- @include "pods"
--[[
  What readers see of a pod and of a call, as flat arrays. A key of another type is seen as a missing one, so that it
  hides nothing else.
]]

-- The end as it was set; the lifetime of the mark counts where it was changed by hand.
local function drain_end(pod, remaining_ms)
  if remaining_ms < 0 then return '' end
  local set = tonumber(or_nil(redis.pcall('ZSCORE', DRAINS, pod)) or 0)
  local by_mark = now_ms + remaining_ms
  return tostring(math.abs(set - by_mark) < 1000 and set or by_mark)
end

-- { pod, pool, incarnation, ready, draining, lease or '', { call_sid... }, drains since in ms or '', drain ends in ms or '',
--   terminating } or nil
local function view_pod(pod)
  local pool = or_nil(redis.pcall('GET', pod_pool_key(pod)))
  -- A pod that lost its pool is still a pod: the leader must see it to repair it.
  if not pool and not or_nil(redis.pcall('ZSCORE', PODS, pod)) then return nil end
  local fields = or_nil(redis.pcall('HMGET', pod_key(pod), 'incarnation', 'ready', 'draining_since',
    'terminating')) or {}
  local remaining = redis.call('PTTL', pod_drain_key(pod))
  local draining = remaining ~= -2
  return {
    pod, pool or '', fields[1] or '', fields[2] or '0', draining and 1 or 0,
    or_nil(redis.pcall('GET', lease_key(pod))) or '', or_nil(redis.pcall('ZRANGE', pod_calls_key(pod), 0, -1)) or {},
    draining and fields[3] or '', drain_end(pod, remaining), fields[4] or '0',
  }
end

local function status_of(view)
  if view[5] == 1 then return 'draining' end
  return #view[7] > 0 and 'allocated' or 'available'
end

-- Also of a call whose lease ran out and that was not ended yet: its pod holds it, and is counted so.
-- { call_sid, pod, pool, merchant_id, provider, allocated_at, lease end in ms, decision } or nil
local function view_call(call_sid)
  local lease_end = redis.call('ZSCORE', LEASE_ENDS, call_sid)
  if not lease_end then return nil end
  local record = or_nil(redis.pcall('HMGET', call_key(call_sid),
    'pod_name', 'source_pool', 'merchant_id', 'provider', 'allocated_at', 'decision'))
  if not record or not record[1] then return nil end
  return {
    call_sid, record[1], record[2] or '', record[3] or '', record[4] or '', record[5] or '0', lease_end, record[6] or '',
  }
end
