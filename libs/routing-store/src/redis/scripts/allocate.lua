--[[
  Gives a call a pod with room from the first pool of the chain that has one.

  KEYS[1]  call:{call_sid}
  ARGV[1]  call_sid
  ARGV[2]  merchant id, '' for none
  ARGV[3]  the merchant config that the chain was made from, '' for none
  ARGV[4]  provider, '' for none
  ARGV[5]  lease time in ms
  ARGV[6]  lifetime of the call's record in ms
  ARGV[7]  the latest time at which this may take effect, in Unix ms
  ARGV[8]  the request, which the record names until another one has met it; '' for none
  ARGV[9]  the owners whose calls the request may see, separated by spaces; '' for all of them
  ARGV[10..] the chain: names of pools

  Output:  { 'allocated', pod, pool, allocated_at in s, decision, number of the grant }
           { 'existing', pod, pool, allocated_at in s, decision, number of the grant, provider of the call }
           { 'foreign-call' }: it lives, and belongs to another owner
           { 'no-capacity', decision }
           { 'call-ended' }
           { 'merchant-config-changed', config or '' }
           or, where nothing was done, { 'held' }: the store may have lost something, and processes replay what they
           know first; or { 'late', now in ms }
  where the decision is 'pool=outcome,pool=outcome,...' in the order tried.
]]
--- @include "fast-allocate"
--- @include "admission"
if is_late(ARGV[7]) then return { 'late', tostring(now_ms) } end
local reply = allocate_fast()
if reply then return reply end

-- The general path.
--- @include "grants"
--- @include "end-marks"
--- @include "skip-reasons"
local call_sid, merchant_id, known_config, provider = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lease_ms, record_ms = tonumber(ARGV[5]), tonumber(ARGV[6])

-- Members that should not be there, put in by hand, are met at most this often before the pool is given up on.
local MAX_MEMBERS_TRIED = 100

local function first_member(key, max)
  local kind = type_of(key)
  if kind == 'set' then return redis.call('SRANDMEMBER', key), kind end
  if kind ~= 'zset' then return nil end
  local lowest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if not lowest[1] or tonumber(lowest[2]) >= max then return nil end
  return lowest[1], kind
end

-- The structures are only candidates: what counts is the pod itself. Returns its load, false where it can take no call.
local function load_if_free(pod, pool, max)
  local may_take = redis.call('GET', pod_pool_key(pod)) == pool and not is_draining(pod) and is_ready(pod)
  local load = may_take and load_of(pod)
  if not load or load >= max then return false end
  check_types(lease_key(pod))
  return load
end

-- Corrects what the store knows of a pod that was met where it should not be.
local function repair(pod, pool)
  if redis.call('GET', pod_pool_key(pod)) ~= pool then return end
  check_pod(pod)
  check_drains(pool)
  if is_draining(pod) then keep_drain(pool, pod, redis.call('PTTL', pod_drain_key(pod))) end
  settle(pod)
end

local function take_from(key, pool, max)
  for _ = 1, MAX_MEMBERS_TRIED do
    local pod, kind = first_member(key, max)
    if not pod then return nil end
    -- A pod with a key of another type is left to the leader, and the call is given another one.
    local ok, load = pcall(load_if_free, pod, pool, max)
    if ok and load then return pod, load end
    remove_member(key, kind, pod)
    if ok then pcall(repair, pod, pool) end
  end
  return nil
end

-- Pods whose drain is over take calls again whether or not anybody leads. The rest is left to the next allocation.
local MAX_DRAINS_ENDED = 10

-- Returns whether there was any.
local function end_due_drains()
  local due = or_nil(redis.pcall('ZRANGEBYSCORE', DRAINS, '-inf', now_ms, 'LIMIT', 0, MAX_DRAINS_ENDED)) or {}
  for _, pod in ipairs(due) do pcall(end_drain, pod) end
  return #due > 0
end

-- Idle pods of an exclusive pool that became shared are still in the previous structure: they are the least loaded.
local function take(pool, max)
  local pod, load = take_from(previous_structure_key(pool), pool, max)
  if pod then return pod, load end
  return take_from(available_key(pool), pool, max)
end

local function walk_chain()
  local decision = {}
  for i = 10, #ARGV do
    local pool = ARGV[i]
    local policy = policy_of(pool)
    local pod, load
    if policy and not is_foreign(pool_calls_key(pool)) then
      pod, load = take(pool, policy.max)
      -- Asked only here, so that a call that finds a pod does not pay for it.
      if not pod and end_due_drains() then pod, load = take(pool, policy.max) end
    end
    decision[#decision + 1] = pool .. '=' .. (pod and 'granted' or skip_reason(pool, policy))
    if pod then return pod, pool, table.concat(decision, ','), load end
  end
  return nil, nil, table.concat(decision, ',')
end

-- One question for three keys, of which usually the generation alone is there.
local ended = ended_key(call_sid)
local has_ended = false
if redis.call('EXISTS', ended, ended, HOLD, HOLD, GENERATION) ~= 1 then
  if is_held() then return { 'held' } end
  has_ended = is_barred(call_sid, provider)
end

check_types(GRANTS)
local held_pod, former_pod, held_number, held_record = pod_of_live_call(call_sid)
if held_pod then
  if not may_act(ARGV[9], held_record[4]) then return { 'foreign-call' } end
  if is_due(call_sid) then renew(call_sid, held_pod, lease_ms, record_ms) end
  local record = redis.call('HMGET', KEYS[1], 'pod_name', 'source_pool', 'allocated_at', 'decision', 'request', 'provider')
  note_met(KEYS[1], record[5], ARGV[8])
  return { 'existing', record[1], record[2], record[3], record[4] or '', held_number, record[6] or '' }
end
if has_ended then return { 'call-ended' } end

local config = merchant_id ~= '' and redis.call('HGET', MERCHANT_CONFIG, merchant_id) or ''
if config ~= known_config then return { 'merchant-config-changed', config } end

-- Before the first write; the rest of what is written was read before, or is asked for with the pod.
check_types(LEASE_ENDS)

-- The call may have held a pod before: its record was deleted by hand.
if former_pod == nil then former_pod = redis.call('HGET', CALL_PODS, call_sid) end
if former_pod then end_call(call_sid, former_pod, 'key_deleted') end

local pod, pool, decision, load = walk_chain()
if not pod then
  remember_call(call_sid, 'refused', PAST_CALLS_A_MINUTE.refused, { merchant_id = merchant_id, provider = provider, decision = decision })
  return { 'no-capacity', decision }
end
local number = next_grant_number(redis.call)
grant(pod, {
  call_sid = call_sid, pool = pool, pod_pool = pool, merchant_id = merchant_id, provider = provider, decision = decision,
  allocated_at = now_s, number = number, request = ARGV[8], load = load, lease_ms = lease_ms, record_ms = record_ms,
})
return { 'allocated', pod, pool, tostring(now_s), decision, number }
