-- Sends each proof of a file once; thread n takes every second line from line n on.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(arguments)
  token = os.getenv("TAPER_TOKEN")
  what = os.getenv("TAPER_WHAT")
  lines = {}
  local at = 0
  for line in io.lines(os.getenv("TAPER_PROOFS")) do
    if at % 2 == number then lines[#lines + 1] = line end
    at = at + 1
  end
  last = 0
  refused = 0
  others = 0
  ran_out = 0
end

function request()
  last = last + 1
  local proof = lines[last]
  if proof == nil then
    ran_out = ran_out + 1
    proof = lines[#lines]
  end
  if what == "forward" then
    return wrk.format("GET", "/v1/forward", {
      ["Host"] = "jira.example.com",
      ["Authorization"] = "Taper " .. token,
      ["Taper-Proof"] = proof,
      ["Taper-Original-Method"] = "GET",
      ["Taper-Original-Target"] = "/projects/ACME/issues?limit=5",
      ["Taper-Original-Scheme"] = "https",
      ["Taper-Original-Content"] = "dropped"})
  end
  return wrk.format("POST", "/v1/decide", {["Content-Type"] = "application/json"},
    '{"http": {"method": "GET", "scheme": "https", "target": "/projects/ACME/issues?limit=5", "fields": '
    .. '{"host": "jira.example.com", "accept": "*/*", "user-agent": "x", "authorization": "Taper ' .. token
    .. '", "taper-proof": "' .. proof .. '"}}}')
end

function response(status, headers, body)
  if status == 200 and string.sub(body, 1, 15) ~= '{"allowed":true' then
    refused = refused + 1
  elseif status ~= 200 and status ~= 204 then
    others = others + 1
  end
end

function done(summary, latency, requests)
  for _, thread in ipairs(threads) do
    io.write(string.format("thread %d: refused %d, other answers %d, sent without a proof of its own %d\n",
      thread:get("number"), thread:get("refused"), thread:get("others"), thread:get("ran_out")))
  end
end
