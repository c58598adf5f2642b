// Calls a guarded service as the binding says, and what it must refuse: node live.mjs SETTINGS
// SETTINGS is a JSON file with the service's origin and audience, the holder's token, algorithm and secret, and an approval of
// POST /issues/7/close. The service is the one of the tests in integrations/http.
import { readFileSync } from "node:fs";
import { unhex, utf8 } from "./token/bytes.mjs";
import { credentials, readAnswer, readService, send } from "./http.mjs";
import { algorithmNumber } from "./keys.mjs";

const { origin, audience, token, algorithm, secret, approval } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const holder = { token, audience, algorithm: algorithmNumber(algorithm), secret: unhex(secret) };
let [passed, failed] = [0, 0];

function check(name, answer, outcome, code) {
  const got = readAnswer(answer);
  const isGood = got.outcome === outcome && got.code === code && isUncached(answer);
  if (isGood) passed++;
  else failed++;
  console.log(`${isGood ? "ok" : "FAILED"} ${name}: ${answer.status} ${got.code ?? ""} ${got.detail ?? ""}`.trimEnd());
  return got;
}

const isUncached = ({ fields }) =>
  fields.filter(([name]) => name.toLowerCase() === "cache-control").every(([, value]) => value === "no-store") &&
  fields.some(([name]) => name.toLowerCase() === "cache-control");

const get = (target) => ({ method: "GET", url: origin + target });
const post = (target, text) => ({ method: "POST", url: origin + target, contentType: "application/json", content: utf8(text) });
const search = get("/projects/ACME/issues?limit=5");
const comment = post("/issues/7/comments", '{"text":"p\u00e4ng"}');
const close = { method: "POST", url: `${origin}/issues/7/close` };

/** Signs a request and sends it once. */
const call = (request, options) => send(request, credentials(request, holder, options).fields, options);

const described = await send(get("/.well-known/taper"), []);
check("what the service says of itself", described, "served");
if (readService(described.content).audience !== audience) throw new Error("another audience");

check("a call", await call(search), "served");
check("a call with content", await call(comment), "served");
check("a call with content in chunks", await call(comment, { chunked: true }), "served");
check("a token in its own field", await call(search, { own: true }), "served");
check("no token", await send(search, []), "another_token_or_proof", "token_required");

const { fields } = credentials(search, holder);
check("a token without its proof", await send(search, fields.slice(0, 1)), "another_token_or_proof", "proof_required");
check("a proof for another target", await send(get("/projects/WIKI/issues"), fields), "another_token_or_proof", "request_mismatch");
check("the call itself", await send(search, fields), "served");
check("the call once more", await send(search, fields), "another_token_or_proof", "proof_replayed");

const slow = check("a clock that is slow", await call(search, { time: Date.now() - 130_000 }), "another_token_or_proof", "proof_expired");
if (!/\d+ s/.test(slow.detail)) throw new Error(`it does not say by how much: ${slow.detail}`);
check("a clock that is fast", await call(search, { time: Date.now() + 130_000 }), "another_token_or_proof", "proof_not_yet_valid");

const other = credentials(comment, holder);
check("other content", await send({ ...comment, content: utf8('{"text":"x"}') }, other.fields), "another_token_or_proof", "request_mismatch");
check("a path that the service has not", await call(get("/nothing")), "another_request", "unknown_tool");
check("an argument too many", await call(get("/projects/ACME/issues?more=1")), "another_request", "unknown_argument");
const denied = check("what is not granted", await call({ method: "DELETE", url: `${origin}/issues/7` }), "not_allowed", "out_of_scope");
if (denied.decision?.code !== "out_of_scope") throw new Error("the decision does not say why");

check("what waits for an approval", await call(close), "not_allowed", "approval_required");
check("with the approval", await call(close, { approvals: [approval] }), "served");
const approved = credentials(close, holder, { approvals: [approval] });
check("without it again", await send(close, approved.fields.slice(0, 2)), "another_token_or_proof", "request_mismatch");

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
