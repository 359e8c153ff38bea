--- @include "keys"
--- @include "change-log"
--[[ Records that somebody drained a pod, or took that back, in the change log; not where it changes nothing. ]]
local function record_drain(note, pod, is_draining)
  local was_draining = redis.call('EXISTS', pod_drain_key(pod)) == 1
  if not note[1] or was_draining == is_draining then return end
  local function state(drains) return drains and '{"is_draining":true}' or '{"is_draining":false}' end
  record_change(CHANGES, note, pod, '', state(was_draining), state(is_draining))
end
