-- Takes a signed list, and tells those who listen. KEYS: the lists, the deltas. ARGV: snapshot or
-- delta, the number that a delta adds to, the number that it leads to, the bytes, how many deltas
-- and how many bytes of all together there may be.

local kind, base, sequence = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local known = tonumber(redis.call('HGET', KEYS[1], 'sequence') or 0)
local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or 0) + #ARGV[4]
if kind == 'snapshot' then
  bytes = #ARGV[4]
  if sequence < known then
    return {'older', known}
  end
  redis.call('UNLINK', KEYS[2])
  redis.call('HSET', KEYS[1], 'snapshot', ARGV[4])
elseif base ~= known then
  return {'apart', known}
elseif redis.call('LLEN', KEYS[2]) >= tonumber(ARGV[5]) or bytes > tonumber(ARGV[6]) then
  return {'many', known}
else
  redis.call('RPUSH', KEYS[2], ARGV[2] .. ':' .. ARGV[4])
end
redis.call('HSET', KEYS[1], 'sequence', ARGV[3], 'bytes', bytes)
redis.call('PUBLISH', KEYS[1], ARGV[3])
return {'published', known}
