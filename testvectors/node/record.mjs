// Records of an audit log: their members and their one form (section 14).
import { base64url, demand, utf8 } from "./token/bytes.mjs";
import { canonicalObject, JsonNumber, parse, quote } from "./token/json.mjs";
import { keyText, parseKey } from "./keys.mjs";

const MALFORMED = "malformed";
const LONGEST = 1024 * 1024;

const text = (value) => typeof value === "string" && value.length <= 4096;
const pattern = (form) => (value) => text(value) && form.test(value);
const number = (value) =>
  value instanceof JsonNumber && /^(0|[1-9][0-9]{0,15})$/.test(value.text) && BigInt(value.text) <= 2n ** 53n;
const hash = pattern(/^[0-9a-f]{64}$/);
const id = pattern(/^[0-9a-f]{32}$/);
const words = (value) => text(value) && value.length <= 2048;
const list = (rule) => (value) => Array.isArray(value) && value.length > 0 && value.every(rule);
const attempt = (action) => {
  try {
    return action();
  } catch {
    return false;
  }
};
const key = (value) => text(value) && attempt(() => keyText(parseKey(value)) === value);
const signature = (value) => text(value) && value !== "" && base64url(Buffer.from(value, "base64url")) === value;
/** Seconds always, three decimals unless they are 000. */
const time = (value) =>
  pattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/)(value) &&
  attempt(() => new Date(value).toISOString().replace(".000Z", "Z") === value);
const oneOf = (words) => (value) => words.split(" ").includes(value);

/** An object of these members; those whose name ends with "?" may be missing. */
function object(rules) {
  const all = Object.entries(rules).map(([name, rule]) => [name.replace("?", ""), rule, name.endsWith("?")]);
  const known = new Set(all.map(([name]) => name));
  return (value) =>
    value instanceof Map &&
    [...value.keys()].every((name) => known.has(name)) &&
    all.every(([name, rule, isOptional]) => (value.has(name) ? rule(value.get(name)) : isOptional));
}

const hop = {
  ...{ block: number, mode: oneOf("authority delegated rotated narrowed third_party bearer"), by: text, key, digest: hash },
  ...{ "holder?": text, "fingerprint?": id, "until?": time, "granted?": words },
};
const MOST_RECORDED = 16;
/** Argument names with their JSON, which is cut. */
const recorded = (value) =>
  value instanceof Map &&
  value.size > 0 &&
  value.size <= MOST_RECORDED &&
  [...value].every(([name, json]) => text(name) && text(json) && json.length <= 256);
const call = {
  ...{ tool: text, "operation?": text, "resource?": text, "audience?": text, "args?": hash },
  ...{ "recorded?": recorded },
};
const index = (value) => number(value) && Number(value.text) < 2 ** 31;
const place = { "block?": index, "part?": text };
const decider = (value) => object({ check: index, ...place })(value) || object({ policy: index, ...place })(value);
const basis = {
  ...{ "code?": text, "failing_hop?": number, "omitted?": number, policy: hash, presented: text, root_key: key, "proof_key?": key },
  ...{ "revocation_seq?": number, "revocation_age_ms?": number, "budgets?": list(hash), "approvals?": list(text), "justified?": list(text) },
  ...{ "catalog?": hash, "mode?": oneOf("observed alone"), "decided_by?": decider },
};
const subject = { type: text, id: text, "until?": time, "reason?": words, "decision?": text };
const event = {
  ...{ "by?": text, "delegator?": text, "task?": text, "task_purpose?": text, "token?": hash },
  ...{ "hops?": list(object(hop)), "call?": object(call), "basis?": object(basis), "subject?": object(subject) },
};
const EVENTS = "mint delegate seal allow deny ask approve refuse justify revoke task_end rotate review finding".split(" ");
/** The number of a file but the first. */
const file = (value) => index(value) && Number(value.text) >= 2;
const KINDS = {
  open: { log: id, "file?": file },
  checkpoint: { key, sig: signature, "next?": file },
  recover: { bytes: number, digest: hash },
  ...Object.fromEntries(EVENTS.map((kind) => [kind, event])),
};
const two = (value) => number(value) && value.text === "2";
const common = { v: two, seq: number, prev: hash, kind: oneOf(Object.keys(KINDS).join(" ")), time };
const RECORDS = Object.fromEntries(Object.entries(KINDS).map(([kind, rest]) => [kind, object({ ...common, ...rest })]));

/** The members of a record, whose line must be its canonical form. */
export function readRecord(line) {
  demand(utf8(line).length <= LONGEST, MALFORMED);
  const record = parse(line, MALFORMED);
  const isRecord = record instanceof Map && RECORDS[record.get("kind")]?.(record);
  demand(isRecord && canonical(record) === line, MALFORMED);
  return record;
}

/** The canonical form of a record or a part of it. */
export function canonical(value) {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value instanceof JsonNumber) return value.text;
  return canonicalObject([...value].map(([name, each]) => [name, canonical(each)]));
}
