-- Says whether charges could be made; changes nothing. ARGV: the store's id and the last change told,
-- the time, how many charges, the charges.

local now = number()
local counters = memory('c', 4, '')
counters.index = 1
local charges, ids = read_charges(number())
local refused = unlike({counters})
if refused then
  return refused
end
for _, charge in ipairs(charges) do
  if is_closed(counters, charge, now) then
    return {'closed', sequence, 1, counters.lost}
  end
end
local index, amount_spent = judge(counters, charges, ids, now)
if index then
  return {'exhausted', sequence, index, amount_spent}
end
return {'taken', sequence}
