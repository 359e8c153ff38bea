--[[
  Takes a pod out of service: no new call lands on it from now on.

  KEYS[1]  pod:{pod}
  ARGV[1]  key prefix
  ARGV[2]  pod
  ARGV[3]  how long the drain lasts, in ms
  ARGV[4..7]  action, actor, request id and client address, for the change log; left out: it gets no record

  Output:  { 'draining', live calls } or { 'unknown-pod' }
]]
--- @include "pods"
--- @include "drain-record"
local pod, drain_ms = ARGV[2], tonumber(ARGV[3])

local pool = redis.call('GET', pod_pool_key(pod))
if not pool then return { 'unknown-pod' } end
check_pod(pod)
check_drains(pool)
record_drain({ ARGV[4], ARGV[5], ARGV[6], ARGV[7] }, pod, true)

-- One that is prolonged keeps its begin.
if not is_draining(pod) then redis.call('HDEL', pod_key(pod), 'draining_since') end
redis.call('HSETNX', pod_key(pod), 'draining_since', now_ms)
redis.call('SET', pod_drain_key(pod), '1', 'PX', drain_ms)
redis.call('ZADD', DRAINS, now_ms + drain_ms, pod)
redis.call('SADD', pool_drains_key(pool), pod)
settle(pod)
return { 'draining', load_of(pod) }
