--[[
  The pod is gone: its calls end, and nothing of it stays.

  KEYS[1]  pod:{pod}
  ARGV[1]  epoch
  ARGV[2]  pod
  ARGV[3]  only where this incarnation still lives; '' for any

  Output:  { 'removed', { ended call_sid... }, { quarantined key... } } or { 'unknown-pod' | 'superseded' } or { 'stale-epoch' }
]]
--- @include "leader-only"
--- @include "foreign-keys"

local pod, incarnation = ARGV[2], ARGV[3]
local pool = or_nil(redis.pcall('GET', pod_pool_key(pod)))
if not pool and not redis.call('ZSCORE', PODS, pod) then return { 'unknown-pod' } end
if incarnation ~= '' and or_nil(redis.pcall('HGET', pod_key(pod), 'incarnation')) ~= incarnation then
  return { 'superseded' }
end

check_fleet(pool)
quarantine_keys_of(pod, pool)
local ended = end_all_calls(pod, 'pod_removed')
clear_drain(pool, pod)
if pool then
  withdraw(pool, pod)
  redis.call('SREM', assigned_key(pool), pod)
end
redis.call('ZREM', PODS, pod)
redis.call('HDEL', POD_METADATA, pod)
redis.call('DEL', pod_key(pod), pod_pool_key(pod), pod_calls_key(pod), lease_key(pod))
return { 'removed', ended, quarantined_keys }
