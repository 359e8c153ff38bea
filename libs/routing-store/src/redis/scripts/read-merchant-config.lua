--[[
  The config of a merchant as it is, with its versions.

  KEYS[1]  merchant:config
  ARGV[1]  merchant
  ARGV[2]  how many versions at most

  Output:  { 'merchant', text or '', { entry of the history, newest first... } }
]]
--- @include "keys"
local merchant, limit = ARGV[1], tonumber(ARGV[2])
return {
  'merchant',
  redis.call('HGET', MERCHANT_CONFIG, merchant) or '',
  redis.call('LRANGE', merchant_history_key(merchant), 0, limit - 1),
}
