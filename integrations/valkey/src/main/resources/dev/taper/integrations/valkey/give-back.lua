-- Takes charges back that were never used. ARGV: the store's id and the last change told, then of each
-- charge the counter's id, the amount, the part, and whether it has a window.

local refused = unlike({})
if refused then
  return refused
end
local counters = memory('c', 4, '')
while read_so_far < #ARGV do
  local counter = text()
  local high, low = amount(text())
  local part, windowed = number(), text() == '1'
  local value = redis.call('HGET', counters.uses, counter)
  local state = value and without(state_of(value), part, windowed, high, low)
  if state then
    redis.call('HSET', counters.uses, counter, string.sub(value, 1, 32) .. cmsgpack.pack(state))
  end
end
change()
return {'taken', sequence}
