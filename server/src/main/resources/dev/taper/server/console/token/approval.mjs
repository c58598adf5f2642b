// Requests for approval (section 12).
import { demand } from "./bytes.mjs";
import { readToken, tokenBytes } from "./chain.mjs";
import { parse } from "./json.mjs";
import { requestOf } from "./request.mjs";
import { isLabel } from "./text.mjs";

const MALFORMED = "malformed_approval_request";
const FORMAT = "taper/1 approval request";
const LONGEST = 2 ** 20;
const MEMBERS = ["format", "token", "call", "audience", "reason"];
const isCatalog = (value) => value === undefined || (typeof value === "string" && /^[0-9a-f]{64}$/.test(value));

/** An approver may take tokens of more blocks than a verifier usually does. */
export function readApprovalRequest(text, mostBlocks = 32) {
  demand(text.length <= LONGEST, MALFORMED);
  const json = parse(text, MALFORMED, 17); // the 16 levels of a call, in one more
  demand(json instanceof Map && MEMBERS.every((name) => json.has(name)), MALFORMED);
  const catalog = json.get("catalog");
  demand(json.size === MEMBERS.length + (json.has("catalog") ? 1 : 0) && isCatalog(catalog), MALFORMED);
  const [format, token, call, audience, reason] = MEMBERS.map((name) => json.get(name));
  demand(format === FORMAT && [token, audience, reason].every((each) => typeof each === "string"), MALFORMED);
  demand(isLabel(audience, 1024) && isLabel(reason, 1024), MALFORMED);
  const bytes = tokenBytes(token);
  demand(readToken(bytes, mostBlocks).end.mode === "held", MALFORMED);
  demand(call instanceof Map, MALFORMED);
  const args = call.get("args");
  return { token: bytes, call: requestOf(call, args instanceof Map ? [...args.keys()] : []), audience, reason, catalog };
}
