--[[
  The frame around an operation where the store keeps an audit. It records the arguments and the result in the same
  script, so that the sequence is the very order in which the operations took effect.

  `this-operation` names the operation and how many changes are kept; `operation` is its script.
]]
--- @include "keys"
--- @include "clock"
--- @include "this-operation"
local function operate()
--- @include "operation"
end

local outcome = operate()
-- Last, as everything else has been checked then, and without failing what has already happened: what cannot be recorded
-- leaves a gap in the sequence.
local sequence = redis.pcall('INCR', AUDIT_SEQUENCE)
if type(sequence) == 'number' then
  redis.pcall('XADD', AUDIT, 'MAXLEN', '~', AUDIT_LENGTH, '*', 'sequence', sequence, 'time_ms', now_ms,
    'operation', OPERATION, 'arguments', cjson.encode({ unpack(ARGV) }), 'result', cjson.encode(outcome))
end
return outcome
