--[[
  Stores or removes the config of a merchant as its next version. What was written by hand since the last one becomes a
  version of its own before.

  KEYS[1]      merchant:config
  ARGV[1]      merchant
  ARGV[2]      the new text, '' to remove it
  ARGV[3]      '1' where the next two must be there still, else '0'
  ARGV[4]      the text that must be there, '' for none
  ARGV[5]      its version
  ARGV[6]      how many versions are kept
  ARGV[7]      the versions of how many merchants are kept
  ARGV[8..11]  action, actor, request id and client address, for the change log

  Output:  { 'changed' | 'unchanged' | 'conflict', text that is there now or '', newest entry of the history or '' }
]]
--- @include "keys"
--- @include "clock"
--- @include "types"
--- @include "change-log"
local merchant, new_text, is_expected = ARGV[1], ARGV[2], ARGV[3] == '1'
local expected_text, expected_version = ARGV[4], tonumber(ARGV[5])
local versions_kept, merchants_kept = tonumber(ARGV[6]), tonumber(ARGV[7])
local history = merchant_history_key(merchant)

local text = redis.call('HGET', MERCHANT_CONFIG, merchant) or ''
local newest = redis.call('LRANGE', history, 0, 0)[1] or ''
local newest_version, newest_text = string.match(newest, '^(%d+) %d+ (.*)$')
local is_recorded = (newest_text or '') == text
local version = tonumber(newest_version or '0') + (is_recorded and 0 or 1)

if is_expected and (text ~= expected_text or version ~= expected_version) then return { 'conflict', text, newest } end
if text == new_text then return { 'unchanged', text, newest } end
check_types(MERCHANT_CHANGES)

record_change(CHANGES, { ARGV[8], ARGV[9], ARGV[10], ARGV[11] }, merchant, version + 1, text, new_text)
if not is_recorded then redis.call('LPUSH', history, version .. ' 0 ' .. text) end
local entry = string.format('%d %.0f %s', version + 1, now_ms, new_text)
redis.call('LPUSH', history, entry)
redis.call('LTRIM', history, 0, versions_kept - 1)
if new_text == '' then
  redis.call('HDEL', MERCHANT_CONFIG, merchant)
else
  redis.call('HSET', MERCHANT_CONFIG, merchant, new_text)
end
redis.call('ZADD', MERCHANT_CHANGES, now_ms, merchant)
for _, oldest in ipairs(redis.call('ZRANGE', MERCHANT_CHANGES, 0, -merchants_kept - 1)) do
  redis.call('ZREM', MERCHANT_CHANGES, oldest)
  redis.call('DEL', merchant_history_key(oldest))
end
return { 'changed', new_text, entry }
