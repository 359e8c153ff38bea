--[[
  Every key that a script touches. All of them start with the prefix, which every script gets as ARGV[1]; on a cluster it
  holds a hash tag, so that all of them live on one node, the one that KEYS[1] leads to.

  They are declared in `key-names.ts`, and spelled LEASE_ENDS, and pod_calls_key(pod) where they are of something.
  `script-declarations.ts` writes each out where it is used.
]]
local prefix = ARGV[1]

local function is_dedicated(pool) return string.sub(pool, 1, 9) == 'merchant:' end
local function pool_base(pool) return prefix .. (is_dedicated(pool) and pool or ('pool:' .. pool)) end
local function available_key(pool) return pool_base(pool) .. (is_dedicated(pool) and ':pods' or ':available') end
local function previous_structure_key(pool) return pool_base(pool) .. ':outgoing' end
