--[[
  Spells every key that a script touches. All keys start with the prefix, which every script gets as ARGV[1]; on a
  cluster it holds a hash tag, so that all of them live on one node, the one that KEYS[1] leads to.
]]
local prefix = ARGV[1]

local POOLS = prefix .. 'pools'
local PODS = prefix .. 'pods'
local POD_METADATA = prefix .. 'pod:metadata'
local DRAINS = prefix .. 'pods:draining'
local LEASE_ENDS = prefix .. 'calls:expiry'
local CALL_PODS = prefix .. 'calls:pod'
local GRANTS = prefix .. 'calls:granted'
local MERCHANT_CONFIG = prefix .. 'merchant:config'
local MERCHANT_CHANGES = prefix .. 'merchant:config:changed'
local CHANGES = prefix .. 'changes'
local LEADER = prefix .. 'leader'
local EPOCH = prefix .. 'leader:epoch'
local GENERATION = prefix .. 'era'
local HOLD = prefix .. 'era:hold'
local MEMBERS = prefix .. 'era:members'
local REPORTED = prefix .. 'era:reported'

local function call_key(call_sid) return prefix .. 'call:' .. call_sid end
local function ended_key(call_sid) return prefix .. 'ended:' .. call_sid end
local function past_key(call_sid) return prefix .. 'past:' .. call_sid end
local function past_count_key(status) return prefix .. 'calls:past:' .. status end
-- Apart from the marks, as a call may have any name.
local function unknown_ends_key(owner) return prefix .. 'unknown-ends:' .. owner end
local function released_key(call_sid) return prefix .. 'released:' .. call_sid end
local function merchant_history_key(merchant_id) return prefix .. 'merchant:config:history:' .. merchant_id end
local function lease_key(pod) return prefix .. 'lease:' .. pod end
local function pod_key(pod) return prefix .. 'pod:' .. pod end
local function pod_pool_key(pod) return prefix .. 'pod:tier:' .. pod end
local function pod_drain_key(pod) return prefix .. 'pod:draining:' .. pod end
local function pod_calls_key(pod) return prefix .. 'pod:calls:' .. pod end

local function is_dedicated(pool) return string.sub(pool, 1, 9) == 'merchant:' end
local function pool_base(pool) return prefix .. (is_dedicated(pool) and pool or ('pool:' .. pool)) end
local function available_key(pool) return pool_base(pool) .. (is_dedicated(pool) and ':pods' or ':available') end
local function previous_structure_key(pool) return pool_base(pool) .. ':outgoing' end
local function assigned_key(pool) return pool_base(pool) .. ':assigned' end
local function pool_calls_key(pool) return pool_base(pool) .. ':calls' end
local function pool_drains_key(pool) return pool_base(pool) .. ':draining' end
