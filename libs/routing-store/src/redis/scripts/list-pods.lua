--[[
  A page of pods by name.

  KEYS[1]  pods
  ARGV[1]  the last name of the page before, '' at first
  ARGV[2]  how many at most
  ARGV[3]  only of this pool, '' for all
  ARGV[4]  only of this status, '' for all

  Output:  { 'page', next cursor or '', { pod view... } }
]]
--- @include "views"
local MAX_PODS_READ = 1000
local cursor, limit, pool, status = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
-- Without a filter every pod is on the page: to read more names than it holds would be in vain.
local names_read = (pool == '' and status == '') and limit or MAX_PODS_READ

local names = or_nil(redis.pcall('ZRANGEBYLEX', PODS, cursor == '' and '-' or ('(' .. cursor), '+', 'LIMIT', 0,
  names_read)) or {}
local page = {}
for i, pod in ipairs(names) do
  local view = view_pod(pod)
  if view and (pool == '' or view[2] == pool) and (status == '' or status_of(view) == status) then
    page[#page + 1] = view
  end
  if #page == limit then return { 'page', i < #names and pod or (#names == names_read and pod or ''), page } end
end
return { 'page', #names == names_read and names[#names] or '', page }
