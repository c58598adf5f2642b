-- Takes back one use of each approval. ARGV: the store's id and the last change told, then the ids.

local approvals = memory('a', 6, '')
approvals.index = 2
local refused = unlike({})
if refused then
  return refused
end
for i = read_so_far + 1, #ARGV do
  local use = ARGV[i]
  local value = redis.call('HGET', approvals.uses, use)
  local times = value and struct.unpack('>I4', value, 33) or 0
  if times > 1 then
    redis.call('HSET', approvals.uses, use, string.sub(value, 1, 32) .. struct.pack('>I4', times - 1))
  elseif value then
    take_out(approvals, {use}, {value})
  end
end
change()
return {'taken', sequence}
