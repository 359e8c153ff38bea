--- @include "keys"
--- @include "clock"
--[[
  What is remembered of calls that have ended or were refused, for people who ask why. Nothing is decided by it, so it
  never fails the operation that it records: where Redis takes no write, or a key has another type, nothing is remembered.

  A record is a key of its own that runs out, so that Redis drops it whatever becomes of the product. How many there are
  is bounded by counting the records of a minute, those of refusals apart: who is refused can ask without end, and must
  neither fill Redis nor push out what is remembered of calls that had a pod.
]]
local function remember_call(call_sid, status, max_a_minute, details)
  local counter = past_count_key(status)
  local count = redis.pcall('INCR', counter)
  if type(count) ~= 'number' then return redis.pcall('DEL', past_key(call_sid)) end
  local is_kept = count <= max_a_minute
  -- Also where a hand has taken the end of the minute away: the next that is too many notices, or one in a thousand of them.
  if count == 1 or (count - max_a_minute) % 1000 == 1 then redis.call('PEXPIRE', counter, '60000', 'NX') end
  if not is_kept then return redis.call('DEL', past_key(call_sid)) end
  details.status, details.at = status, time[1]
  redis.call('SET', past_key(call_sid), cjson.encode(details), 'PX', PAST_CALL_MS)
end

-- pod_name, source_pool, merchant_id, provider, allocated_at and decision of a live call, false where missing; a table with
-- the error where a key of another type is in the way.
local function record_of(call_sid)
  return redis.pcall('HMGET', call_key(call_sid), 'pod_name', 'source_pool', 'merchant_id', 'provider', 'allocated_at',
    'decision')
end

-- `record`: as it stood.
local function remember_end(call_sid, pod, record, how)
  remember_call(call_sid, 'ended', PAST_CALLS_A_MINUTE.ended, {
    reason = how, pod_name = pod, source_pool = record[2] or '', merchant_id = record[3] or '', provider = record[4] or '',
    allocated_at = record[5] or '', decision = record[6] or '',
  })
end
