// Asks a guarded service for an approval, answers as the approver, and makes the call then: node liveasks.mjs SETTINGS
// SETTINGS has, beside what live.mjs reads, the approver's algorithm and secret.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { answerOf, approve, askOf, readAsk } from "./asks.mjs";
import { unhex, utf8 } from "./token/bytes.mjs";
import { credentials, readAnswer, readService, send } from "./http.mjs";
import { algorithmNumber } from "./keys.mjs";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { origin, audience, token } = settings;
const keyOf = ({ algorithm, secret }) => ({ algorithm: algorithmNumber(algorithm), secret: unhex(secret) });
const holder = { token, audience, ...keyOf(settings) };
const approver = keyOf(settings.approver);
let [passed, failed] = [0, 0];

function check(name, answer, status, code) {
  const got = answer.status < 400 ? {} : readAnswer(answer);
  const isGood = answer.status === status && got.code === code;
  if (isGood) passed++;
  else failed++;
  console.log(`${isGood ? "ok" : "FAILED"} ${name}: ${answer.status} ${got.code ?? ""} ${got.detail ?? ""}`.trimEnd());
  return answer;
}

const json = (url, text) => ({ method: "POST", url, contentType: "application/json", content: utf8(text) });
const call = (request, approvals = []) => send(request, credentials(request, holder, { approvals }).fields);
const post = (url, text) => send(json(url, text), []);
const get = (url) => send({ method: "GET", url }, []);

const path = readService((await get(`${origin}/.well-known/taper`)).content).asks;
const asks = origin + path;
const close = { method: "POST", url: `${origin}/issues/7/close` };
check("what waits for an approval", await call(close), 403, "approval_required");

const ask = json(asks, askOf(close, "it is done"));
check("an ask without a token", await send(ask, []), 401, "token_required");
const made = check("an ask", await call(ask), 201);
const place = origin + made.fields.find(([name]) => name.toLowerCase() === "location")[1];
const open = readAsk(check("the ask", await get(place), 200).content);
if (open.state !== "open") throw new Error(open.state);
check("an ask that nobody made", await get(`${asks}/${"A".repeat(22)}`), 404, "unknown_ask");
check("an ask about what is allowed", await call(json(asks, askOf({ method: "PUT", url: `${origin}/uploads` }, "x"))), 409, "nothing_to_ask");

const now = Math.floor(Date.now() / 1000);
const answered = (by) => answerOf(approve(open.request, by, { id: randomBytes(16), from: now, seconds: 300 }));
check("an approval by the holder itself", await post(place, answered(holder)), 403, "approval_mismatch");
check("no approval", await post(place, answerOf("AAAA")), 400, "malformed_approval");
check("an approval", await post(place, answered(approver)), 204);
const { state, approvals } = readAsk((await get(place)).content);
if (state !== "answered" || approvals.length !== 1) throw new Error(`${state} with ${approvals.length} approvals`);
check("the call with it", await call(close, approvals), 200);
check("one more approval", await post(place, answered(approver)), 409, "ask_closed");

const second = await call(ask);
const other = origin + second.fields.find(([name]) => name.toLowerCase() === "location")[1];
check("a refusal", await post(other, JSON.stringify({ refusal: "not today" })), 204);
if (readAsk((await get(other)).content).refusal !== "not today") throw new Error("nobody says why");

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
