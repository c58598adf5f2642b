-- Every script begins with this. A store is ten keys. The first is a hash: the store's id; the
-- replication id of the server that wrote it (history); how many changes there were (sequence);
-- whether the server kept what it confirmed (durable); the form of all that, 1 (form); and what is
-- held of each memory, below.

local STORE = KEYS[1]

local read_so_far = 0

local function text()
  read_so_far = read_so_far + 1
  return ARGV[read_so_far]
end

local function number()
  return tonumber(text())
end

local id, told = text(), number() -- of the store, and the last change that the caller was told of
local sequence

-- A memory has two keys more. Uses: a hash from each id to its holder (16 bytes of the delegator's
-- digest, 16 of the authority block's) and a state. Ends: when each ends, if it does. Of each memory
-- the store holds, behind its letter: how many entries there are (n), how many of them end (e), how
-- many delegators have any (d); what each delegator has (16 bytes), in how many authority blocks (16
-- bytes and #), what each of these has (32 bytes); a time before which none ends (first), up to which
-- order something was forgotten (forgotten), when something may have been lost (lost).
local PER_MEMORY = 9

local function memory(letter, first, share)
  return {letter = letter, uses = KEYS[first], ends = KEYS[first + 1], share = share,
    delegator = string.sub(share, 1, 16)}
end

local function ask_for(m, fields)
  local letter, at = m.letter, #fields
  fields[at + 1], fields[at + 2], fields[at + 3] = letter .. 'n', letter .. 'e', letter .. 'd'
  fields[at + 4], fields[at + 5] = letter .. 'forgotten', letter .. 'lost'
  fields[at + 6], fields[at + 7] = letter .. 'first', letter .. m.delegator
  fields[at + 8], fields[at + 9] = letter .. m.delegator .. '#', letter .. m.share
end

local function learn(m, held, at)
  m.n, m.e = tonumber(held[at + 1] or -1), tonumber(held[at + 2] or -1)
  m.delegators = tonumber(held[at + 3] or 0) + (held[at + 7] and 0 or 1)
  m.forgotten = tonumber(held[at + 4] or -1)
  m.lost = held[at + 5] and tonumber(held[at + 5])
  m.first = tonumber(held[at + 6] or 0)
  m.of_delegator = tonumber(held[at + 7] or 0)
  m.authorities = tonumber(held[at + 8] or 0) + (held[at + 9] and 0 or 1)
  m.of_authority = tonumber(held[at + 9] or 0)
end

-- Reads the store. What to answer if it is not the one that the caller has looked at, or not all of
-- it: another one has another id; a restart and a promotion give the server another replication id;
-- who was told of a later change than the last one here knows that some were lost; and a memory that
-- lacks a key, or some of it, has not as many entries as it should.
local function unlike(memories)
  local fields = {'id', 'history', 'sequence'}
  for _, m in ipairs(memories) do
    ask_for(m, fields)
  end
  local held = redis.call('HMGET', STORE, unpack(fields))
  if held[1] ~= id then
    return {'other'}
  end
  local server = redis.call('INFO', 'replication')
  if not string.find(server, 'role:master', 1, true)
    or not string.find(server, 'master_replid:' .. held[2], 1, true) then
    return {'history'}
  end
  sequence = tonumber(held[3])
  if sequence < told then
    return {'behind'}
  end
  for i, m in ipairs(memories) do
    learn(m, held, 3 + PER_MEMORY * (i - 1))
    if redis.call('HLEN', m.uses) ~= m.n or redis.call('ZCARD', m.ends) ~= m.e then
      return {'broken', m.index}
    end
  end
end

local writes = {}

local function set(field, value)
  writes[#writes + 1] = field
  writes[#writes + 1] = value
end

-- Counts a change, and writes what was noted. Whoever is told of it knows the number.
local function change()
  sequence = sequence + 1
  set('sequence', sequence)
  redis.call('HSET', STORE, unpack(writes))
  writes = {}
end
