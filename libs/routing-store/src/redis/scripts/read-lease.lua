--[[
  Reads who holds the right to lead.

  KEYS[1]  leader:lease
  ARGV[1]  key prefix

  Output:  { 'lease', the text or '' }
]]
--- @include "lease"
return { 'lease', stored_lease(KEYS[1]) }
