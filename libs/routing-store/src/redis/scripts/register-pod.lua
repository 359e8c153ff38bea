--[[
  Makes a pod known, or brings what is known of it up to date. Another incarnation ends the calls of the one before;
  `a/b` is the same one as `a`, of which more is known.

  KEYS[1]  pod:{pod}
  ARGV[1]  epoch
  ARGV[2]  pod
  ARGV[3]  incarnation
  ARGV[4]  ready '1' | '0'
  ARGV[5]  the pool where a pod goes that is new here
  ARGV[6]  metadata as JSON
  ARGV[7]  '1': the pod terminates, and is not coming back in this incarnation

  Output:  { 'added' | 'restarted' | 'known', pool, { ended call_sid... }, { quarantined key... } }
           or { 'unknown-pool' } or { 'stale-epoch' }
]]
--- @include "leader-only"
--- @include "foreign-keys"

local pod, incarnation, ready = ARGV[2], ARGV[3], ARGV[4]
local known_pool = or_nil(redis.pcall('GET', pod_pool_key(pod)))
if not known_pool and redis.call('ZSCORE', PODS, pod) then known_pool = pool_of_lost_pod(pod) end
if not known_pool and not policy_of(ARGV[5]) then return { 'unknown-pool' } end
check_fleet(known_pool or ARGV[5])
quarantine_keys_of(pod, known_pool or ARGV[5])

local known_incarnation = redis.call('HGET', pod_key(pod), 'incarnation')

-- Whether the life that `longer` names is the one that `shorter` does, of which less was known.
local function goes_on(shorter, longer) return string.sub(longer, 1, #shorter + 1) == shorter .. '/' end

if known_incarnation and goes_on(incarnation, known_incarnation) then incarnation = known_incarnation end
local restarted = known_incarnation and known_incarnation ~= incarnation
  and not goes_on(known_incarnation, incarnation)
local ended = restarted and end_all_calls(pod, 'pod_restarted') or {}
if restarted then clear_drain(known_pool, pod) end

local pool = known_pool or ARGV[5]
redis.call('SET', pod_pool_key(pod), pool)
redis.call('SADD', assigned_key(pool), pod)
redis.call('ZADD', PODS, 0, pod)
redis.call('HSET', pod_key(pod), 'incarnation', incarnation, 'ready', ready)
if ARGV[7] == '1' then
  redis.call('HSET', pod_key(pod), 'terminating', '1')
else
  redis.call('HDEL', pod_key(pod), 'terminating')
end
redis.call('HSET', POD_METADATA, pod, ARGV[6])
settle(pod)
return { restarted and 'restarted' or (known_pool and 'known' or 'added'), pool, ended, quarantined_keys }
