"""An agent in Python: all that it knows is where the service is and what its token is called."""

import importlib.util
import json
import sys
import urllib.request

library, origin, researcher = sys.argv[1:]
spec = importlib.util.spec_from_file_location("taper", library)
taper = importlib.util.module_from_spec(spec)
spec.loader.exec_module(taper)
keeper = taper.Keeper()

assert keeper.status()["locked"] is False
assert any(key["name"] == "planner" for key in keeper.keys())
mine = [token for token in keeper.tokens() if token["name"] == "planner"][0]
assert mine["task"] == "T-4711"

status, _, content = keeper.request(
    "planner", "GET", origin + "/tickets/12?limit=5", headers={"X-Tenant": "acme"}, fields=["X-Tenant"]
)
assert status == 200, content
status, _, content = keeper.request(
    "planner",
    "POST",
    origin + "/tickets/12/notes",
    body=json.dumps({"text": "größer ✓"}),
    headers={"Content-Type": "application/json"},
)
assert status == 200, content

# A proof is for one request alone.
headers = keeper.headers("planner", "GET", origin + "/tickets/12")
try:
    urllib.request.urlopen(urllib.request.Request(origin + "/tickets/13", headers=headers))
    raise AssertionError("it is taken")
except urllib.error.HTTPError as refused:
    assert json.load(refused)["code"] == "request_mismatch"


def message(method, params):
    sent = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    with urllib.request.urlopen(origin + "/mcp", sent.encode("utf-8")) as answer:
        return json.load(answer)


call = {"name": "jira.search", "arguments": {"ticket": "12", "limit": 3}}
assert message("tools/call", keeper.mcp("planner", "tools/call", call)) == {"result": "Called"}
assert message("tools/list", keeper.mcp("planner", "tools/list")) == {"result": "Listed"}
assert keeper.mcp("planner", "ping", {}) == {}
assert message("tools/call", call) == {"code": "token_required"}

handed = keeper.delegate(
    "planner",
    {"name": "agent:researcher", "key": researcher},
    grants=["jira.search read"],
    expires_in=60,
)
assert handed["warnings"] == []

close = origin + "/tickets/12"
status, _, content = keeper.request("planner", "DELETE", close)
assert json.loads(content)["code"] == "approval_required"
asked = keeper.ask("planner", "DELETE", close, "the customer left")
assert asked["state"] == "open", asked
print(asked["ask"], flush=True)
asked = keeper.await_ask(asked["ask"], wait=20)
assert asked["state"] == "answered", asked
status, _, content = keeper.request("planner", "DELETE", close, approvals=asked["approvals"])
assert status == 200, content

try:
    keeper.token("nothing")
    raise AssertionError("there is one")
except taper.KeeperError as refused:
    assert refused.code == "unknown_token"
try:
    taper.Keeper("/nowhere").status()
    raise AssertionError("there is one")
except taper.KeeperError as refused:
    assert refused.code == "no_keeper"
print(handed["token"])
