// Calls a guarded server of the Model Context Protocol, and what it must refuse: node livemcp.mjs SETTINGS
// SETTINGS is a JSON file with the server's command for standard input and output, or its url; the audience, the holder's token,
// algorithm and secret, and an approval of the tool close with the id "7". The server is the one of the tests in integrations/mcp.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { unhex } from "./token/bytes.mjs";
import { readService } from "./http.mjs";
import { algorithmNumber } from "./keys.mjs";
import { readReply, signed } from "./mcp.mjs";

const REVISION = "2025-06-18";
const { command, url, audience, token, algorithm, secret, approval } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const holder = { token, audience, algorithm: algorithmNumber(algorithm), secret: unhex(secret) };
let [passed, failed, ids] = [0, 0, 0];

/** One message in, one message out, over the pipes of a process. */
function overPipes() {
  const [program, ...args] = command;
  const server = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
  const waiting = new Map();
  createInterface({ input: server.stdout }).on("line", (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
  });
  const write = (message) => server.stdin.write(`${JSON.stringify(message)}\n`);
  const ask = (message) => new Promise((resolve) => waiting.set(message.id, resolve) && write(message));
  return { ask, tell: async (message) => write(message), close: () => server.stdin.end() };
}

/** The same over HTTP; an answer is one message, or a stream of events of which the last is it. */
function overHttp() {
  let session;
  const post = async (message) => {
    const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
    if (session) Object.assign(headers, { "Mcp-Session-Id": session, "MCP-Protocol-Version": REVISION });
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(message), redirect: "error" });
    session ??= answer.headers.get("mcp-session-id") ?? undefined;
    return answer;
  };
  const ask = async (message) => {
    const answer = await post(message);
    const text = await answer.text();
    const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream");
    return isStream ? JSON.parse(/^data: ?(.*)$/m.exec(text)[1]) : JSON.parse(text);
  };
  return { ask, tell: post, close: () => {} };
}

const { ask, tell, close } = command ? overPipes() : overHttp();
const send = (method, params) => ask({ jsonrpc: "2.0", id: ++ids, method, ...(params === undefined ? {} : { params }) });
const sign = (method, params, options) => signed({ method, params }, holder, options).params;
const call = (name, args, options) => send("tools/call", sign("tools/call", { name, arguments: args }, options));

function check(name, reply, outcome, code) {
  const got = readReply(reply);
  const isGood = got.outcome === outcome && got.code === code;
  if (isGood) passed++;
  else failed++;
  console.log(`${isGood ? "ok" : "FAILED"} ${name}: ${got.outcome} ${got.status ?? ""} ${got.code ?? ""}`.trimEnd());
  return reply;
}

const client = { protocolVersion: REVISION, capabilities: {}, clientInfo: { name: "node-check", version: "1" } };
const { result } = check("a greeting", await send("initialize", client), "served");
if (readService(JSON.stringify(result.capabilities.experimental["dev.taper"])).audience !== audience) throw new Error("another audience");
await tell({ jsonrpc: "2.0", method: "notifications/initialized" });
check("an open message", await send("ping"), "served");

const list = check("the tools", await send("tools/list", sign("tools/list", {})), "served");
console.log(`tools: ${list.result.tools.map(({ name }) => name).sort().join(" ")}`);
const lists = [
  ["resources", "resources/list", "resources", "uri"],
  ["templates", "resources/templates/list", "resourceTemplates", "uriTemplate"],
  ["prompts", "prompts/list", "prompts", "name"],
];
for (const [name, method, member, key] of lists) {
  const { result: entries } = check(`the ${name}`, await send(method, sign(method, {})), "served");
  console.log(`${name}: ${entries[member].map((entry) => entry[key]).join(" ")}`);
}
check("the tools, for nobody", await send("tools/list", {}), "refused", "token_required");
const question = sign("tools/list", {});
check("a question's proof for a call", await send("tools/call", { name: "count", arguments: { query: "a" }, ...question }), "refused", "request_mismatch");

check("a call", await call("search", { query: "a", limit: 5 }), "served");
check("no token", await send("tools/call", { name: "search", arguments: { query: "a" } }), "refused", "token_required");
const once = sign("tools/call", { name: "count", arguments: { query: "a" } });
check("a call that is sent", await send("tools/call", once), "served");
check("and sent again", await send("tools/call", once), "refused", "proof_replayed");
check("other arguments", await send("tools/call", { ...once, arguments: { query: "b" } }), "refused", "request_mismatch");
check("more than is granted", await call("search", { query: "a", limit: 51 }), "refused", "out_of_scope");
check("a tool that is not granted", await call("delete", { id: "7" }), "refused", "out_of_scope");
check("a tool that nobody has", await call("nothing", {}), "refused", "unknown_tool");
check("an argument of another type", await call("search", { query: "a", limit: "5" }), "refused", "invalid_argument_type");
check("an answer of a person", await send("tools/call", sign("tools/call", { name: "count", inputResponses: {} })), "refused", "input_not_accepted");

check("what waits for an approval", await call("close", { id: "7" }), "refused", "approval_required");
check("with the approval", await call("close", { id: "7" }, { approvals: [approval] }), "served");
check("a resource", await send("resources/read", sign("resources/read", { uri: "file:///pub/a.txt" })), "served");
check("a resource that is not granted", await send("resources/read", sign("resources/read", { uri: "file:///etc/a" })), "refused", "out_of_scope");
check("a slow clock", await call("search", { query: "a" }, { time: Date.now() - 130_000 }), "refused", "proof_expired");

close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
