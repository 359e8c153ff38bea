--[[
  Takes a drain back; the pod is offered again with the load that it has. One that terminates is not coming back.

  KEYS[1]  pod:{pod}
  ARGV[1]  pod
  ARGV[2..5]  action, actor, request id and client address, for the change log; left out: it gets no record

  Output:  { 'undrained', live calls } or, where nothing was done, { 'unknown-pod' | 'terminating' }
]]
--- @include "pods"
--- @include "drain-record"
local pod = ARGV[1]

local pool = redis.call('GET', pod_pool_key(pod))
if not pool then return { 'unknown-pod' } end
check_pod(pod)
check_drains(pool)
if redis.call('HGET', pod_key(pod), 'terminating') == '1' then return { 'terminating' } end
record_drain({ ARGV[2], ARGV[3], ARGV[4], ARGV[5] }, pod, false)

clear_drain(pool, pod)
settle(pod)
return { 'undrained', load_of(pod) }
