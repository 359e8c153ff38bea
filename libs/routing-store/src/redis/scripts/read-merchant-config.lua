--[[
  The config of a merchant as it is, with its versions.

  KEYS[1]  merchant:config
  ARGV[1]  key prefix
  ARGV[2]  merchant
  ARGV[3]  how many versions at most

  Output:  { 'merchant', text or '', { entry of the history, newest first... } }
]]
--- @include "keys"
local merchant, limit = ARGV[2], tonumber(ARGV[3])
return {
  'merchant',
  redis.call('HGET', MERCHANT_CONFIG, merchant) or '',
  redis.call('LRANGE', merchant_history_key(merchant), 0, limit - 1),
}
