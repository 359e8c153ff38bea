--[[
  Finds pods on a page whose keys may disagree with each other, so that they need a repair. It writes nothing, and costs
  a fraction of the repair, which would find nothing to repair on nearly all pods. A pod is a suspect where it is
  not certain; whatever the repair would change must make one of it.

  KEYS[1]  pods
  ARGV[1]  the last name of the page before, '' at first
  ARGV[2]  how many pods are read

  Output:  { 'page', next cursor or '', { pod... } }
]]
--- @include "calls"
local cursor, limit = ARGV[1], tonumber(ARGV[2])

-- What is the same for all pods of a pool.
local pools = {}
local function pool_facts(pool)
  if not pools[pool] then
    local policy = policy_of(pool)
    local structure = type_of(available_key(pool))
    local previous = type_of(previous_structure_key(pool))
    pools[pool] = {
      policy = policy,
      in_order = policy and previous == 'none' and (structure == policy.structure or structure == 'none'),
    }
  end
  return pools[pool]
end

local function is_call_in_order(pod, pool, call_sid)
  local lease_end = redis.call('ZSCORE', LEASE_ENDS, call_sid)
  return lease_end and tonumber(lease_end) > now_ms
    and redis.call('HGET', call_key(call_sid), 'pod_name') == pod
    and redis.call('HGET', CALL_PODS, call_sid) == pod
    and redis.call('SISMEMBER', pool_calls_key(pool), call_sid) == 1
end

-- The lease names one of the calls, and the pod's hash names the same.
local function are_calls_in_order(pod, pool, calls, described_call)
  local lease = redis.call('GET', lease_key(pod))
  if #calls == 0 then return not lease and not described_call end
  if not lease or lease ~= described_call then return false end
  local is_named = false
  for _, call_sid in ipairs(calls) do
    is_named = is_named or call_sid == lease
    if not is_call_in_order(pod, pool, call_sid) then return false end
  end
  return is_named
end

-- Of a pod that does not drain; one that does is left to the repair.
local function is_drain_in_order(pod, pool)
  return redis.call('EXISTS', pod_drain_key(pod)) == 0
    and redis.call('SISMEMBER', pool_drains_key(pool), pod) == 0
    and not redis.call('ZSCORE', DRAINS, pod)
end

local function is_offer_in_order(pod, pool, policy, ready, load)
  local offered = ready == '1' and (policy.type == 'shared' or load == 0)
  if policy.type == 'exclusive' then
    return (redis.call('SISMEMBER', available_key(pool), pod) == 1) == offered
  end
  local score = redis.call('ZSCORE', available_key(pool), pod)
  if not offered then return not score end
  return score and tonumber(score) == load
end

local function is_in_order(pod)
  local pool = redis.call('GET', pod_pool_key(pod))
  local facts = pool_facts(pool)
  if not facts.in_order then return false end
  local fields = redis.call('HMGET', pod_key(pod), 'status', 'ready', 'allocated_call_sid')
  local calls = redis.call('ZRANGE', pod_calls_key(pod), 0, -1)
  return fields[1] == (#calls > 0 and 'allocated' or 'available')
    and redis.call('SISMEMBER', assigned_key(pool), pod) == 1
    and is_drain_in_order(pod, pool)
    and is_offer_in_order(pod, pool, facts.policy, fields[2], #calls)
    and are_calls_in_order(pod, pool, calls, fields[3])
end

local names = redis.call('ZRANGEBYLEX', PODS, cursor == '' and '-' or ('(' .. cursor), '+', 'LIMIT', 0, limit)
local suspects = {}
for _, pod in ipairs(names) do
  -- A key of another type makes the check fail, and so does a pool that is missing: a suspect, too.
  local ok, in_order = pcall(is_in_order, pod)
  if not ok or not in_order then suspects[#suspects + 1] = pod end
end
return { 'page', #names == limit and names[#names] or '', suspects }
