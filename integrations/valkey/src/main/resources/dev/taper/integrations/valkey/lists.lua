-- Reads what somebody lacks who has a list: the deltas behind it, or else everything. KEYS: the lists,
-- the deltas. ARGV: the number of the list; the number up to which it was told of, or nothing.

local sequence = redis.call('HMGET', KEYS[1], 'sequence')[1]
if not sequence then
  return {'none'}
end
if sequence == ARGV[2] then
  return {'same'}
end
local deltas = redis.call('LRANGE', KEYS[2], 0, -1)
local answer = {'all', sequence, redis.call('HMGET', KEYS[1], 'snapshot')[1] or ''}
for _, delta in ipairs(deltas) do
  local colon = string.find(delta, ':', 1, true)
  if ARGV[1] ~= '0' and string.sub(delta, 1, colon - 1) == ARGV[1] then
    answer = {'some', sequence}
  end
  answer[#answer + 1] = string.sub(delta, colon + 1)
end
return answer
