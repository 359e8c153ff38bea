--[[
  Ends a call, and remembers that it has ended, so that a late allocate for it takes no pod. A call that belongs to another
  owner is left alone.

  KEYS[1]  call:{call_sid}
  ARGV[1]  call_sid
  ARGV[2]  how long it is remembered, in ms
  ARGV[3]  the latest time at which this may take effect, in Unix ms
  ARGV[4]  '' for an end that is reported now; for one that is repeated, which may happen while calls are held, the highest
           number that the ended grant can have: a later grant is another one, and is not barred
  ARGV[5]  the owners whose calls may be ended and are barred, separated by spaces; the first is who reports
  ARGV[6]  how many ends of calls that the store has never met the first may report within that time; '' for any number

  Output:  { 'released', pod, pool, draining 1 | 0, number of the grant } or { 'unknown-call' }
           or, where nothing was done, { 'foreign-call' }, { 'too-many-unknown' }, { 'held' } or { 'late', now in ms }; a repeated end of a foreign
           call, which was acknowledged before that call came, leaves its mark all the same
]]
--- @include "fast-release"
--- @include "end-marks"
--- @include "admission"
local call_sid, mark_ms, owners = ARGV[1], ARGV[2], ARGV[5]
local is_repeated = ARGV[4] ~= ''

if is_late(ARGV[3]) then return { 'late', tostring(now_ms) } end
if not is_repeated then
  local record = record_of(call_sid)
  local reply = may_act(owners, record[4]) and release_fast(call_sid, record, 'provider_ended')
  if reply then
    bar(call_sid, owners, mark_ms)
    return reply
  end
end

-- The general path.
if not is_repeated and is_held() then return { 'held' } end
--- @include "calls"
--- @include "unknown-ends"
local pod, _, grant, record = pod_of_live_call(call_sid)
local provider = pod and record[4]
if pod and not may_act(owners, provider) then
  if is_repeated then bar(call_sid, owners, mark_ms) end
  return { 'foreign-call' }
end
if pod and is_repeated and tonumber(grant) > tonumber(ARGV[4]) then return { 'unknown-call' } end
if pod then
  -- The release first: a Redis that is out of memory refuses a script whose first write needs some.
  local outcome = release_from(pod, call_sid, 'provider_ended', grant, record)
  bar(call_sid, owners, mark_ms)
  return outcome
end
if not is_repeated then
  -- Nobody makes a mark last by repeating a report.
  if are_barred(call_sid, owners) then return { 'unknown-call' } end
  if not admit_unknown_end(call_sid, owners, ARGV[6], mark_ms) then return { 'too-many-unknown' } end
end
bar(call_sid, owners, mark_ms)
return { 'unknown-call' }
