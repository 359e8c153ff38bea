--[[
  The change log: who changed what, written by the very script that carries the change out, so that neither exists without
  the other. Call it before the first write of the script: it fails where its key has another type.
]]
-- Bytes of UTF-8 within a character.
local function continues_character(byte) return byte >= 128 and byte < 192 end

local function shortened(text)
  if #text <= CHANGE_TEXT_BYTES then return text end
  local length = CHANGE_TEXT_BYTES
  while length > 0 and continues_character(string.byte(text, length + 1)) do length = length - 1 end
  return string.sub(text, 1, length)
end

-- `note` is action, actor, request id and client address; '' is no subject, no version, and nothing before or after.
local function record_change(key, note, subject, version, before, after)
  redis.call('XADD', key, 'MAXLEN', CHANGES_KEPT, '*', 'action', note[1], 'actor', note[2], 'request_id', note[3],
    'client_address', note[4], 'subject', subject, 'version', version, 'before', shortened(before),
    'after', shortened(after))
end
