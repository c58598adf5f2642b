// Asks of the binding over HTTP, by docs/binding.md alone: what a holder and an approver send, and what they read.
import { approvalMessage, statementOf } from "./token/answer.mjs";
import { readApprovalRequest } from "./token/approval.mjs";
import { base64url, concat, demand, hex, Refusal, sha256, unbase64url, utf8 } from "./token/bytes.mjs";
import { readToken } from "./chain.mjs";
import { dialled } from "./http.mjs";
import { canonicalValue, JsonNumber, parse } from "./token/json.mjs";
import { publicKey, sign } from "./keys.mjs";
import { readDelegation } from "./token/profile.mjs";
import { readSent } from "./sent.mjs";
import { isLabel } from "./token/text.mjs";

const MALFORMED = "invalid_request";
const FORMAT = "taper/1 ask";
const ASKED = ["method", "target", "content_type", "content_encoding", "content", "fields", "reason"];
const LONGEST = 131_072;
const STATES = ["open", "answered", "refused"];

/** What a holder sends to ask about a request that was refused. */
export function askOf({ method, url, contentType, contentEncoding, content, fields }, reason) {
  const { target } = dialled(url);
  const bytes = content?.length > 0 ? base64url(content) : undefined;
  return JSON.stringify({ method, target, content_type: contentType, content_encoding: contentEncoding, content: bytes, fields, reason });
}

/** What is asked, as a service reads it: strictly. The scheme and authority are those of the request that asks. */
export function readAsked(text, origin) {
  demand(utf8(text).length <= LONGEST, MALFORMED);
  const json = parse(text, MALFORMED, 2);
  demand(json instanceof Map && [...json.keys()].every((name) => ASKED.includes(name)), MALFORMED);
  const { fields = new Map(), ...texts } = Object.fromEntries(json);
  demand(["method", "target", "reason"].every((name) => texts[name] !== undefined), MALFORMED);
  demand([...Object.values(texts), ...fieldsOf(fields).values()].every((value) => typeof value === "string"), MALFORMED);
  demand(isLabel(texts.reason, 1024), MALFORMED);
  const content = hex(unbase64url(texts.content ?? "", MALFORMED));
  const sent = { form: 2, method: texts.method, origin, target: texts.target, contentType: texts.content_type };
  const all = { ...sent, contentEncoding: texts.content_encoding, fields: Object.fromEntries(fields), content };
  orMalformed(() => readSent(all));
  return { ...all, reason: texts.reason };
}

/** Names of fields are compared in lower case. */
function fieldsOf(fields) {
  demand(fields instanceof Map, MALFORMED);
  const lower = new Map([...fields].map(([name, value]) => [name.toLowerCase(), value]));
  demand(lower.size === fields.size, MALFORMED);
  return lower;
}

function orMalformed(action) {
  try {
    return action();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(MALFORMED) : error;
  }
}

/** How an ask stands; members that are not known are ignored. */
export function readAsk(text) {
  const json = parse(text, MALFORMED, 64);
  demand(json instanceof Map && json.get("format") === FORMAT, MALFORMED);
  const [state, until, request, approvals, refusal] = ["state", "until", "request", "approvals", "refusal"].map((name) => json.get(name));
  demand(STATES.includes(state) && until instanceof JsonNumber && request instanceof Map, MALFORMED);
  demand(Array.isArray(approvals) && approvals.every((each) => typeof each === "string"), MALFORMED);
  demand(refusal === undefined || typeof refusal === "string", MALFORMED);
  const known = { state, until: Number(until.text), request: canonicalValue(request), approvals };
  return refusal === undefined ? known : { ...known, refusal };
}

/** An approver's answer to a request: it approves the call for some seconds, for the holder of the token in there. */
export function approve(request, { algorithm, secret }, { id, from, seconds, reason }) {
  const { token, call, audience } = readApprovalRequest(request);
  const { blocks } = readDelegation(readToken(token));
  const holder = blocks.findLast(({ handedOn }) => handedOn);
  const state = hex(sha256(holder.signature));
  const said = { id: hex(id), state, audience, meaning: hex(call.digest), from, until: from + seconds, reason };
  const key = publicKey(algorithm, secret);
  const statement = statementOf(said);
  const signature = sign(algorithm, secret, approvalMessage(key, statement));
  return base64url(concat([1, algorithm], key.bytes, [signature.length], signature, statement));
}

/** What an approver sends. */
export const answerOf = (approval) => JSON.stringify({ approval });
