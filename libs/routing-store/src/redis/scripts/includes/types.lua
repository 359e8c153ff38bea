--- @include "keys"
--[[
  Redis keeps what a script wrote before it failed, and a command fails on a key of another type, put there by hand or
  by another program. So a script asks for the type of each key that it is about to write before its first write. Reads
  before that need no question: they fail while nothing is written.

  `check_types`, `quarantine` and `is_foreign` are written with declared keys alone, one or more: `check_types(PODS,
  lease_key(pod))`. `script-declarations.ts` makes one call a key of it, with the declared type before the key.
]]
local function type_of(key) return redis.call('TYPE', key).ok end

-- Each of these fails on another type; they cost less than to ask for the type. A table with the error is returned then.
local SIZES = {
  string = function(key) return redis.pcall('STRLEN', key) end,
  hash = function(key) return redis.pcall('HLEN', key) end,
  set = function(key) return redis.pcall('SCARD', key) end,
  zset = function(key) return redis.pcall('ZCARD', key) end,
}

local function size_of(kind, key) return SIZES[kind](key) end

local function is_foreign(kind, key) return type(size_of(kind, key)) == 'table' end

local function check_types(kind, key)
  if is_foreign(kind, key) then error({ err = 'FOREIGNKEY ' .. key .. ' should be a ' .. kind }) end
end

-- The reply to a read, or nil where another type stands under the key.
local function or_nil(reply)
  if type(reply) == 'table' and reply.err then return nil end
  return reply
end

-- Keeps what stands in the way under another name, for operators, so that the key can be written anew.
local quarantined_keys = {}
local function quarantine(kind, key)
  if not is_foreign(kind, key) then return false end
  redis.call('RENAME', key, KEY_PREFIX .. 'foreign:' .. string.sub(key, #KEY_PREFIX + 1))
  quarantined_keys[#quarantined_keys + 1] = key
  return true
end
