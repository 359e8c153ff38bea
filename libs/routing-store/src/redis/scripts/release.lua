--[[
  Ends a call and offers its slot again, in the pool where the pod belongs now.

  KEYS[1]  call:{call_sid}
  ARGV[1]  call_sid
  ARGV[2]  the latest time at which this may take effect, in Unix ms

  Output:  { 'released', pod, pool, draining 1 | 0, number of the grant } or { 'unknown-call', no grant so far has a higher number }
           or, where nothing was done, { 'held' } or { 'late', now in ms }
]]
--- @include "fast-release"
--- @include "admission"
local call_sid = ARGV[1]
if is_late(ARGV[2]) then return { 'late', tostring(now_ms) } end
local reply = release_fast(call_sid, record_of(call_sid), 'released')
if reply then return reply end

-- The general path.
if is_held() then return { 'held' } end
--- @include "calls"
--- @include "generation"
-- A call that is released while its grant is lost: nobody can name the grant, so all until now are meant.
local function note_unknown_release()
  local generation, since = stored_generation()
  if generation and now_ms - since > RELEASED_MARK_MS then return end
  note_end(call_sid, highest_number())
end

local outcome = release_call(call_sid, 'released')
if outcome[1] == 'released' then return outcome end
note_unknown_release()
return { 'unknown-call', highest_number() }
