-- Counters of budgets. An amount is two numbers, high * UNIT + low: it can have 63 bits, and a number
-- here has 53. A counter's state: the latest part of its window that was charged (0 without a
-- window), all that counts as of that part, then each part with what was charged in it.

local UNIT = 10000000000

local function amount(digits)
  return tonumber(string.sub(digits, 1, -11)) or 0, tonumber(string.sub(digits, -10))
end

local function even(high, low)
  local carry = math.floor(low / UNIT)
  return high + carry, low - carry * UNIT
end

local function digits(high, low)
  return high > 0 and string.format('%.0f%010.0f', high, low) or string.format('%.0f', low)
end

-- True if one amount is more than another.
local function is_more(high, low, than_high, than_low)
  return high > than_high or (high == than_high and low > than_low)
end

local function state_of(value)
  return value and cmsgpack.unpack(string.sub(value, 33)) or nil
end

-- The part of its window into which a charge falls; time never goes back.
local function part_at(charge, state, now)
  if charge.parts == 0 then
    return 0
  end
  local part = (now - math.fmod(now, charge.length)) / charge.length
  return state and math.max(state[1], part) or part
end

-- How much of a counter counts in a part.
local function spent(charge, state, part)
  if not state then
    return 0, 0
  end
  local high, low = state[2], state[3]
  for i = 4, #state, 3 do
    if state[i] <= part - charge.parts then
      high, low = high - state[i + 1], low - state[i + 2]
    end
  end
  return even(high, low)
end

-- The state with a charge, and without what counts no more.
local function with(charge, state, part)
  state = state or {part, 0, 0}
  local high, low = even(state[2] + charge.high, state[3] + charge.low)
  if charge.parts == 0 then
    return {0, high, low}
  end
  local after, latest = {part, 0, 0}, nil
  for i = 4, #state, 3 do
    if state[i] <= part - charge.parts then
      high, low = high - state[i + 1], low - state[i + 2]
    else
      local at = #after
      after[at + 1], after[at + 2], after[at + 3] = state[i], state[i + 1], state[i + 2]
      latest = state[i] == part and at or latest
    end
  end
  if not latest then
    latest = #after
    after[latest + 1], after[latest + 2], after[latest + 3] = part, 0, 0
  end
  after[latest + 2], after[latest + 3] =
    even(after[latest + 2] + charge.high, after[latest + 3] + charge.low)
  after[2], after[3] = even(high, low)
  return after
end

-- Takes a charge back, if all of it is there.
local function without(state, part, windowed, high, low)
  local at = 1
  if windowed then
    for i = 4, #state, 3 do
      at = state[i] == part and i or at
    end
    if at == 1 then
      return nil -- it has passed, and counts no more
    end
    if is_more(high, low, state[at + 1], state[at + 2]) then
      return nil
    end
    state[at + 1], state[at + 2] = even(state[at + 1] - high, state[at + 2] - low)
  end
  if is_more(high, low, state[2], state[3]) then
    return nil
  end
  state[2], state[3] = even(state[2] - high, state[3] - low)
  return state
end

local function read_charge()
  local charge = {id = text()}
  charge.high, charge.low = amount(text())
  charge.limit_high, charge.limit_low = amount(text())
  charge.length, charge.parts = number(), number()
  return charge
end

local function read_charges(count)
  local charges, ids = {}, {}
  for i = 1, count do
    charges[i] = read_charge()
    ids[i] = charges[i].id
  end
  return charges, ids
end

-- The first charge for which too little is left, from 0, and what is spent. Notes how many counters
-- are new, and in each charge what it would do.
local function judge(m, charges, ids, now)
  local values = redis.call('HMGET', m.uses, unpack(ids))
  local later = math.max(now, m.forgotten)
  m.new, m.ending, m.first_end = 0, 0, math.huge
  for i, charge in ipairs(charges) do
    local state = state_of(values[i])
    charge.holder = values[i] and string.sub(values[i], 1, 32) or m.share
    charge.part = part_at(charge, state, later)
    local high, low = spent(charge, state, charge.part)
    local left_high, left_low = even(charge.limit_high - high, charge.limit_low - low)
    if is_more(charge.high, charge.low, left_high, left_low) then
      return i - 1, digits(high, low)
    end
    charge.state = state
    if not values[i] then
      m.new = m.new + 1
      if charge.parts > 0 then
        m.ending = m.ending + 1
        m.first_end = math.min(m.first_end, (charge.part + charge.parts) * charge.length)
      end
    end
  end
end

-- True if what a counter holds may be too little, because something was lost.
local function is_closed(m, charge, now)
  return m.lost
    and (charge.parts == 0 or now <= m.lost + charge.length * charge.parts + CLOCKS)
end
