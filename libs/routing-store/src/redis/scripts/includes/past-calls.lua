--- @include "keys"
--- @include "clock"
--- @include "constants"
--[[
  What is remembered of calls that have ended or were refused, for people who ask why. Nothing is decided by it, so it
  never fails the operation that it records: where Redis takes no write, or a key has another type, nothing is remembered.

  A record is a key of its own that runs out, so that Redis drops it whatever becomes of the product. How many there are
  is bounded by counting the records of a minute, those of refusals apart: who is refused can ask without end, and must
  neither fill Redis nor push out what is remembered of calls that had a pod.
]]
local function remember_call(call_sid, status, details)
  local counter = past_count_key(status)
  local count = redis.pcall('INCR', counter)
  if type(count) ~= 'number' then return redis.pcall('DEL', past_key(call_sid)) end
  local is_kept = count <= PAST_CALLS_A_MINUTE[status]
  -- Also where a hand has taken the end of the minute away.
  if count == 1 or not is_kept then redis.call('PEXPIRE', counter, 60000, 'NX') end
  if not is_kept then return redis.call('DEL', past_key(call_sid)) end
  details.status, details.at = status, tostring(now_s)
  redis.call('SET', past_key(call_sid), cjson.encode(details), 'PX', PAST_CALL_MS)
end

-- `record`: pod_name, source_pool, merchant_id, provider, allocated_at and decision as they stood; false where missing.
local function remember_end(call_sid, pod, record, how)
  remember_call(call_sid, 'ended', {
    reason = how, pod_name = pod, source_pool = record[2] or '', merchant_id = record[3] or '', provider = record[4] or '',
    allocated_at = record[5] or '', decision = record[6] or '',
  })
end
