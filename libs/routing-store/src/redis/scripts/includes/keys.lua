--[[
  Every key that a script touches. All of them start with the prefix; on a cluster it holds a hash tag, so that all of
  them live on one node, the one that KEYS[1] leads to.

  They are declared in `key-names.ts`, and spelled LEASE_ENDS, and pod_calls_key(pod) where they are of something.
  `script-declarations.ts` writes each out where it is used, with the prefix.
]]
local function is_dedicated(pool) return string.sub(pool, 1, 9) == 'merchant:' end
-- A script asks mostly for the keys of one pool.
local last_pool, last_base
local function pool_base(pool)
  if pool ~= last_pool then
    last_pool, last_base = pool, is_dedicated(pool) and KEY_PREFIX .. pool or KEY_PREFIX .. 'pool:' .. pool
  end
  return last_base
end
local function available_key(pool) return pool_base(pool) .. (is_dedicated(pool) and ':pods' or ':available') end
local function previous_structure_key(pool) return pool_base(pool) .. ':outgoing' end
