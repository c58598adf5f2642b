-- Notes what is known of the store: whose history it is, and which memories may have lost something.
-- ARGV: the id that it had, or nothing; the last change told; the server's replication id; the id that
-- it gets; whether the server keeps what it confirms; the time; then for proofs, counters and
-- approvals: kept, lost or begun.

local history, new_id, durable, now = text(), text(), text(), text()
local server = redis.call('INFO', 'replication')
if (redis.call('HGET', STORE, 'id') or '') ~= id
  or not string.find(server, 'role:master', 1, true)
  or not string.find(server, 'master_replid:' .. history, 1, true) then
  return {'raced'}
end
redis.call('HSET', STORE, 'id', new_id, 'history', history, 'durable', durable, 'form', 1)
redis.call('HSETNX', STORE, 'sequence', 0)

-- Drops what is left of a memory, but for what says when something was forgotten or lost.
local function drop(m)
  redis.call('UNLINK', m.uses, m.ends)
  local letter = m.letter
  for _, field in ipairs(redis.call('HKEYS', STORE)) do
    local is_ours = string.sub(field, 1, 1) == letter
    local length = #field - 1
    if is_ours and (length == 1 or length == 16 or length == 17 or length == 32) then
      redis.call('HDEL', STORE, field)
    end
  end
  redis.call('HSET', STORE, letter .. 'n', 0, letter .. 'e', 0)
end

local lost = {}
for index, letter in ipairs({'p', 'c', 'a'}) do
  local m = memory(letter, 2 * index, '')
  local word = text()
  local held = redis.call('HMGET', STORE, letter .. 'n', letter .. 'e')
  local is_whole = redis.call('HLEN', m.uses) == tonumber(held[1] or -1)
    and redis.call('ZCARD', m.ends) == tonumber(held[2] or -1)
  if not is_whole then
    drop(m)
  end
  if word == 'begun' then
    redis.call('HDEL', STORE, letter .. 'lost')
  elseif word == 'lost' or not is_whole then
    -- Of two clocks the later counts: an earlier loss matters no less than before.
    local before = redis.call('HGET', STORE, letter .. 'lost')
    if not before or tonumber(before) < tonumber(now) then
      redis.call('HSET', STORE, letter .. 'lost', now)
    end
    lost[#lost + 1] = index - 1
  end
end
return {'noted', lost}
