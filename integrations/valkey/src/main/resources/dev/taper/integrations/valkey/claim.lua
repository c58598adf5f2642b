-- Takes what one call needs: a proof once; then charges of budgets, all or none; then uses of
-- approvals, all or none, and without them no charge. KEYS: the store; uses and ends of proofs, of
-- counters, of approvals. ARGV: the store's id and the last change told, the time, the share, then of
-- each memory how many are claimed, its bounds, and what is claimed.

local now, share = number(), text()
local memories = {}

local function section(index, letter, first)
  local count = number()
  if count == 0 then
    return nil, 0
  end
  local m = memory(letter, first, share)
  m.index, m.capacity, m.long_ago, m.longest = index, number(), number(), number()
  memories[#memories + 1] = m
  return m, count
end

local proofs = section(0, 'p', 2)
local proof, issued, proof_ends, ahead
if proofs then
  proof, issued, proof_ends, ahead = text(), number(), number(), number()
  proofs.order = function(value)
    return struct.unpack('>d', value, 33)
  end
end
local counters, charged = section(1, 'c', 4)
local charges, counter_ids = read_charges(charged)
local approvals, used = section(2, 'a', 6)
local uses, approval_ids = {}, {}
for i = 1, used do
  approval_ids[i] = text()
  uses[i] = {ends = number(), calls = number()}
end

-- Whether anything can be found out at all.
local refused = unlike(memories)
if refused then
  return refused
end
if proofs then
  if issued <= proofs.forgotten or proof_ends <= now then
    return {'replayed', sequence}
  end
  if proofs.lost and issued <= proofs.lost + proofs.longest then
    return {'closed', sequence, 0, proofs.lost}
  end
  if issued - now > ahead then
    return {'long', sequence, 0}
  end
end
for _, charge in ipairs(charges) do
  if is_closed(counters, charge, now) then
    return {'closed', sequence, 1, counters.lost}
  end
end
if approvals and approvals.lost and now <= approvals.lost + approvals.longest + CLOCKS then
  return {'closed', sequence, 2, approvals.lost}
end

if proofs then
  if not make_room(proofs, 1) then
    local replayed = redis.call('HEXISTS', proofs.uses, proof) == 1
    return replayed and {'replayed', sequence} or {'full', sequence, 0}
  end
  if issued <= proofs.forgotten
    or redis.call('HSETNX', proofs.uses, proof, share .. struct.pack('>d', issued)) == 0 then
    return {'replayed', sequence}
  end
  redis.call('ZADD', proofs.ends, proof_ends, proof)
  hold(proofs, 1, 1, proof_ends)
end

-- Counts the proof, even if the rest is refused.
local function but_the_proof(reply)
  if proofs then
    change()
  end
  reply[2] = sequence
  return reply
end

if counters then
  local index, amount_spent = judge(counters, charges, counter_ids, now)
  if not index and counters.new > 0 then
    local has, forgot = make_room(counters, counters.new)
    if not has then
      return but_the_proof({'full', 0, 1})
    end
    if forgot then
      index, amount_spent = judge(counters, charges, counter_ids, now)
    end
  end
  if index then
    return but_the_proof({'exhausted', 0, index, amount_spent})
  end
end

local new, first_end
if approvals then
  local function used_up()
    local values = redis.call('HMGET', approvals.uses, unpack(approval_ids))
    local indices = {}
    new = 0
    first_end = math.huge
    for i, use in ipairs(uses) do
      local value = values[i]
      use.times = value and struct.unpack('>I4', value, 33) or 0
      use.holder = value and string.sub(value, 1, 32) or share
      if not value then
        new, first_end = new + 1, math.min(first_end, use.ends)
      end
      if use.ends <= approvals.forgotten or use.ends <= now or use.times >= use.calls then
        indices[#indices + 1] = i - 1
      end
    end
    return indices
  end
  local indices = used_up()
  if #indices == 0 then
    for _, use in ipairs(uses) do
      if use.ends - now > approvals.longest then
        return but_the_proof({'long', 0, 2})
      end
    end
    if new > 0 then
      local has, forgot = make_room(approvals, new)
      if not has then
        return but_the_proof({'full', 0, 2})
      end
      if forgot then
        indices = used_up()
      end
    end
  end
  if #indices > 0 then
    return but_the_proof({'used', 0, indices})
  end
end

local parts = {}
if counters then
  local states, ends = {}, {}
  for i, charge in ipairs(charges) do
    states[2 * i - 1] = charge.id
    states[2 * i] = charge.holder .. cmsgpack.pack(with(charge, charge.state, charge.part))
    if charge.parts > 0 then
      ends[#ends + 1] = (charge.part + charge.parts) * charge.length
      ends[#ends + 1] = charge.id
    end
    parts[i] = charge.part
  end
  redis.call('HSET', counters.uses, unpack(states))
  if #ends > 0 then
    redis.call('ZADD', counters.ends, unpack(ends))
  end
  if counters.new > 0 then
    hold(counters, counters.new, counters.ending, counters.first_end)
  end
end
if approvals then
  local states, ends = {}, {}
  for i, use in ipairs(uses) do
    states[2 * i - 1] = approval_ids[i]
    states[2 * i] = use.holder .. struct.pack('>I4', use.times + 1)
    ends[2 * i - 1], ends[2 * i] = use.ends, approval_ids[i]
  end
  redis.call('HSET', approvals.uses, unpack(states))
  redis.call('ZADD', approvals.ends, 'GT', unpack(ends)) -- of several ends the latest counts
  if new > 0 then
    hold(approvals, new, new, first_end)
  end
end
if #memories > 0 then
  change()
end
return {'taken', sequence, parts, proofs and proofs.n or -1, counters and counters.n or -1,
  approvals and approvals.n or -1}
