--[[
  Takes a pod out of service: no new call lands on it from now on.

  KEYS[1]  pod:{pod}
  ARGV[1]  pod
  ARGV[2]  how long the drain lasts, in ms; '' for one that lasts until it is taken back
  ARGV[3]  '1': a drain that ends later stays as it is
  ARGV[4..7]  action, actor, request id and client address, for the change log; left out: it gets no record

  Output:  { 'draining', live calls } or { 'unknown-pod' }
]]
--- @include "pods"
--- @include "drain-record"
local pod, drain_ms, only_prolongs = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

local pool = redis.call('GET', pod_pool_key(pod))
if not pool then return { 'unknown-pod' } end
check_pod(pod)
check_drains(pool)
record_drain({ ARGV[4], ARGV[5], ARGV[6], ARGV[7] }, pod, true)

local remaining = redis.call('PTTL', pod_drain_key(pod))
-- One that ran out may not have been cleared yet; one that was set by hand has no beginning.
if remaining == -2 then redis.call('HDEL', pod_key(pod), 'draining_since') end
redis.call('HSETNX', pod_key(pod), 'draining_since', now_ms)
local lasts_longer = remaining == -1 or (drain_ms and remaining > drain_ms)
if not (only_prolongs and lasts_longer) then
  if drain_ms then
    redis.call('SET', pod_drain_key(pod), '1', 'PX', drain_ms)
  else
    redis.call('SET', pod_drain_key(pod), '1')
  end
  remaining = drain_ms or -1
end
keep_drain(pool, pod, remaining)
settle(pod)
return { 'draining', load_of(pod) }
