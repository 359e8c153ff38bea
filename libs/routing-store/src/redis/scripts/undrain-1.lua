--[[
  Takes a drain back; the pod is offered again with the load that it has. One that terminates is not coming back.

  KEYS[1]  pod:{pod}
  ARGV[1]  key prefix
  ARGV[2]  pod

  Output:  { 'undrained', live calls } or, where nothing was done, { 'unknown-pod' | 'terminating' }
]]
--- @include "pods"
local pod = ARGV[2]

local pool = redis.call('GET', pod_pool_key(pod))
if not pool then return { 'unknown-pod' } end
check_pod(pod)
check_drains(pool)
if redis.call('HGET', pod_key(pod), 'terminating') == '1' then return { 'terminating' } end

clear_drain(pool, pod)
settle(pod)
return { 'undrained', load_of(pod) }
