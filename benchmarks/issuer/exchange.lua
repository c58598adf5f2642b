-- Sends each form of a file once; thread n takes every second line from line n on.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(arguments)
  lines = {}
  local at = 0
  for line in io.lines(os.getenv("TAPER_FORMS")) do
    if at % 2 == number then lines[#lines + 1] = line end
    at = at + 1
  end
  last = 0
  refused = 0
  ran_out = 0
end

function request()
  last = last + 1
  local form = lines[last]
  if form == nil then
    ran_out = ran_out + 1
    form = lines[#lines]
  end
  return wrk.format("POST", "/token", {["Content-Type"] = "application/x-www-form-urlencoded"}, form)
end

function response(status, headers, body)
  if status ~= 200 then
    refused = refused + 1
    if refused == 1 then io.stderr:write(body .. "\n") end
  end
end

function done(summary, latency, requests)
  for _, thread in ipairs(threads) do
    io.write(string.format("thread %d: refused %d, sent without a form of its own %d\n",
      thread:get("number"), thread:get("refused"), thread:get("ran_out")))
  end
end
