"""An agent with nothing but the standard library, which knows nothing of tokens: it starts the server
that it is told of, does the steps that come as lines of JSON, and prints what came of each as a line."""
import json
import subprocess
import sys

server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          encoding="utf-8")
last = 0


def send(message):
    server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    server.stdin.flush()


def ask(method, params):
    global last
    last += 1
    send({"id": last, "method": method, "params": params})
    while True:
        message = json.loads(server.stdout.readline())
        if message.get("id") == last and "method" not in message:
            return message


def done(step):
    if "list" in step:
        return {"tools": [tool["name"] for tool in ask("tools/list", {})["result"]["tools"]]}
    answer = ask("tools/call", {"name": step["call"], "arguments": step["args"]})
    if "error" in answer:
        return {"error": answer["error"]["code"], "text": answer["error"]["message"]}
    result = answer["result"]
    return {"text": result["content"][0]["text"], "isError": result.get("isError", False)}


ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {},
                   "clientInfo": {"name": "agent", "version": "1"}})
send({"method": "notifications/initialized"})
for line in sys.stdin:
    print(json.dumps(done(json.loads(line))), flush=True)
server.stdin.close()
server.wait(timeout=20)
