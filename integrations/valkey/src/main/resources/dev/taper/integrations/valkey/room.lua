local CLOCKS = 120000 -- how far the clocks of two verifiers may differ, in milliseconds
local LATE = 1000 -- how long what has ended may wait, so that many are forgotten at once
local STEP = 32 -- how many one step forgets
local STEPS = 32 -- how many steps one call waits for

local function part(all, parties)
  return math.max(1, math.floor(all / (parties + 1)))
end

-- The rule of shares, as MemoryShare.Room has it; a test compares them.
local function has_room(m, wanted)
  local total, delegator, authority = m.n + wanted, m.of_delegator + wanted, m.of_authority + wanted
  if total > m.capacity then
    return false
  end
  if 2 * total <= m.capacity then
    return true
  end
  local alone = m.delegators == 1
  local all = alone and m.capacity or part(m.capacity, m.delegators)
  local share = all
  if alone then
    local pieces = m.authorities == 1 and 8 or 16
    share = math.max(1, math.floor(m.capacity * (pieces - 1) / pieces))
  end
  if m.authorities == 1 or (alone and delegator > share) then
    return delegator <= share
  end
  local in_part = authority <= part(all, m.authorities)
  if in_part and delegator > share then
    local reserved = math.floor(m.capacity / (m.of_authority == 0 and 8 or 4))
    return m.authorities <= share and total <= m.capacity - reserved
  end
  return in_part or 2 * delegator <= share
end

-- Notes new entries of the caller's share, of which some end, the first at a time.
local function hold(m, more, ending, first)
  local letter = m.letter
  m.n = m.n + more
  set(letter .. 'n', m.n)
  set(letter .. 'd', m.delegators)
  set(letter .. m.delegator, m.of_delegator + more)
  set(letter .. m.delegator .. '#', m.authorities)
  set(letter .. m.share, m.of_authority + more)
  if ending > 0 then
    set(letter .. 'e', m.e + ending)
    if m.e == 0 or first < m.first then
      set(letter .. 'first', first)
    end
  end
end

-- True if nothing is left of a number.
local function takes(field, less)
  local left = redis.call('HINCRBY', STORE, field, -less)
  if left <= 0 then
    redis.call('HDEL', STORE, field)
  end
  return left <= 0
end

-- Takes entries out, whoever holds them.
local function take_out(m, ids, values)
  local letter = m.letter
  redis.call('HINCRBY', STORE, letter .. 'n', -redis.call('HDEL', m.uses, unpack(ids)))
  redis.call('HINCRBY', STORE, letter .. 'e', -redis.call('ZREM', m.ends, unpack(ids)))
  local holders = {}
  for _, value in ipairs(values) do
    local holder = string.sub(value, 1, 32)
    holders[holder] = (holders[holder] or 0) + 1
  end
  for holder, count in pairs(holders) do
    local delegator = letter .. string.sub(holder, 1, 16)
    if takes(letter .. holder, count) then
      takes(delegator .. '#', 1)
    end
    if takes(delegator, count) then
      takes(letter .. 'd', 1)
    end
  end
end

-- Forgets some entries that ended long ago; up to their order nothing is taken any more. True if
-- there were any.
local function forget(m)
  local ended = redis.call('ZRANGEBYSCORE', m.ends, '-inf', '(' .. m.long_ago,
    'WITHSCORES', 'LIMIT', 0, STEP + 1)
  local first = ended[2 * STEP + 2] or m.long_ago
  local ids, forgotten = {}, m.forgotten
  for i = 1, math.min(#ended, 2 * STEP), 2 do
    ids[#ids + 1] = ended[i]
    forgotten = math.max(forgotten, tonumber(ended[i + 1]))
  end
  if #ids == 0 then
    redis.call('HSET', STORE, m.letter .. 'first', first)
    return false
  end
  local values = redis.call('HMGET', m.uses, unpack(ids))
  if m.order then
    forgotten = m.forgotten
    for _, value in ipairs(values) do
      forgotten = math.max(forgotten, m.order(value))
    end
  end
  redis.call('HSET', STORE, m.letter .. 'forgotten', string.format('%.0f', forgotten),
    m.letter .. 'first', first)
  take_out(m, ids, values)
  local fields = {}
  ask_for(m, fields)
  learn(m, redis.call('HMGET', STORE, unpack(fields)), 0)
  return true
end

-- Forgets a few entries if there are many, and more as long as there is no room. True if there is
-- room then; and true if any was forgotten.
local function make_room(m, wanted)
  local has = has_room(m, wanted)
  local forgot = false
  if not has or (m.e > 0 and m.first < m.long_ago - LATE) then
    for _ = 1, STEPS do
      local more = forget(m)
      forgot = forgot or more
      has = has_room(m, wanted)
      if has or not more then
        break
      end
    end
  end
  return has, forgot
end
