--[[
  Reads who holds the right to lead.

  KEYS[1]  leader:lease

  Output:  { 'lease', the text or '' }
]]
--- @include "lease"
return { 'lease', stored_lease(KEYS[1]) }
