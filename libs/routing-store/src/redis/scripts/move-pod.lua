--[[
  Moves a pod with its calls to another pool.

  KEYS[1]  pod:{pod}
  ARGV[1]  epoch
  ARGV[2]  pod
  ARGV[3]  the pool where it goes
  ARGV[4]  '1': only if it holds no call and does not drain

  Output:  { 'moved', former pool } or { 'busy' | 'unknown-pod' | 'unknown-pool' } or { 'stale-epoch' }
]]
--- @include "leader-only"
--- @include "pods"

local pod, to, only_idle = ARGV[2], ARGV[3], ARGV[4] == '1'
if not policy_of(to) then return { 'unknown-pool' } end
local from = redis.call('GET', pod_pool_key(pod))
if not from then return { 'unknown-pod' } end
if only_idle and (load_of(pod) > 0 or is_draining(pod)) then return { 'busy' } end

check_pod(pod)
for _, pool in ipairs({ from, to }) do
  check_types(assigned_key(pool), pool_calls_key(pool), pool_drains_key(pool))
end

withdraw(from, pod)
redis.call('SREM', assigned_key(from), pod)
redis.call('SADD', assigned_key(to), pod)
redis.call('SET', pod_pool_key(pod), to)
if redis.call('SREM', pool_drains_key(from), pod) == 1 then redis.call('SADD', pool_drains_key(to), pod) end
for _, call_sid in ipairs(redis.call('ZRANGE', pod_calls_key(pod), 0, -1)) do
  redis.call('SREM', pool_calls_key(from), call_sid)
  redis.call('SADD', pool_calls_key(to), call_sid)
end
settle(pod)
return { 'moved', from }
