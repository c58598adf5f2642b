// Approvals beside a token (section 12): their form, and which fit a call.
import { compareBytes, concat, demand, hex, Refusal, sha256, text as utf8Text, unbase64url } from "./bytes.mjs";
import { byCodeUnits, canonicalNumber, canonicalObject, JsonNumber, parse, quote } from "./json.mjs";
import { keyText, readKey } from "./keys.mjs";
import { isLabel, isName } from "./text.mjs";
import { checkResource } from "./url.mjs";

const MALFORMED = "malformed_approval";
const MOST = 16;
const LONGEST = 4096;
const MOST_USES = 10_000;
const LONGEST_OF_PATTERNS = 3600;
const LAST_DATE = Date.parse("9999-12-31T23:59:59Z") / 1000;
export const TAG = "\0TAPER\0APPROVAL\0";

/** All approvals that come with a token, and the part of them that a proof covers. */
export function readApprovals(texts) {
  demand(texts.length <= MOST && new Set(texts).size === texts.length, MALFORMED);
  const approvals = texts.map(readApproval);
  const digests = approvals.map(({ bytes }) => sha256(bytes)).sort(compareBytes);
  return { approvals, part: concat(...digests) };
}

/** An approval; whether its signature is good is another matter. */
export function readApproval(spelling) {
  const bytes = unbase64url(spelling, MALFORMED);
  demand(bytes[0] === 1 && bytes[1] <= 1, MALFORMED);
  const algorithm = bytes[1];
  const [keyLength, least, most] = algorithm === 0 ? [32, 64, 64] : [33, 8, 72];
  const keyEnd = 2 + keyLength;
  demand(bytes.length > keyEnd, MALFORMED);
  const end = keyEnd + 1 + bytes[keyEnd];
  const signature = bytes.subarray(keyEnd + 1, end);
  demand(bytes.length >= end && signature.length >= least && signature.length <= most, MALFORMED);
  const by = orMalformed(() => readKey(algorithm, bytes.subarray(2, keyEnd)));
  const statement = bytes.subarray(end);
  demand(statement.length <= LONGEST, MALFORMED);
  const said = readStatement(statement);
  const message = concat(TAG, [1, algorithm], by.bytes, statement);
  return { bytes, by, signature, message, name: `${keyText(by)} ${said.id}`, ...said };
}

/** Whatever else is wrong inside of an approval, it is none. */
function orMalformed(action) {
  try {
    return action();
  } catch (error) {
    throw error instanceof Refusal || error instanceof TypeError ? new Refusal(MALFORMED) : error;
  }
}

function readStatement(bytes) {
  const json = orMalformed(() => utf8Text(bytes));
  const members = parse(json, MALFORMED);
  demand(members instanceof Map && canonical(members) === json, MALFORMED);
  const { calls, uses, reason, ...said } = Object.fromEntries([...members].map(([name, value]) => [name, read(name, value)]));
  const { id, state, audiences, meaning, from, until, onward = false } = said;
  demand([id, state, audiences, from, until].every((each) => each !== undefined), MALFORMED);
  demand((meaning === undefined) !== (calls === undefined) && from < until, MALFORMED);
  demand(uses === undefined || audiences.length === 1, MALFORMED);
  if (calls) demand(uses !== undefined && until - from <= LONGEST_OF_PATTERNS, MALFORMED);
  demand(!onward || calls !== undefined, MALFORMED);
  return { id, state, audiences, meaning, calls, uses, from, until, onward, reason, json };
}

const RULES = {
  id: (text) => /^[0-9a-f]{32}$/.test(text),
  state: (text) => /^[0-9a-f]{64}$/.test(text),
  meaning: (text) => /^[0-9a-f]{64}$/.test(text),
  onward: (value) => value === true,
  audiences: (list) => isList(list, (name) => isLabel(name, 1024)),
  calls: (list) => Array.isArray(list) && list.length >= 1 && list.length <= 16 && list.every(isPattern),
  uses: (number) => isNatural(number, 1, MOST_USES),
  from: (number) => isNatural(number, 0, LAST_DATE),
  until: (number) => isNatural(number, 0, LAST_DATE),
  reason: (text) => typeof text === "string" && isLabel(text, 1024),
};

function read(name, value) {
  demand(Object.hasOwn(RULES, name) && RULES[name](value), MALFORMED);
  return value instanceof JsonNumber ? Number(value.text) : value;
}

const isNatural = (value, least, most) =>
  value instanceof JsonNumber && /^\d+$/.test(value.text) && Number(value.text) >= least && Number(value.text) <= most;

/** 1 to 64 strings that keep a rule, in ascending order. */
function isList(list, rule) {
  if (!Array.isArray(list) || list.length < 1 || list.length > 64) return false;
  const ascend = (text, i) => i === 0 || byCodeUnits(list[i - 1], text) < 0;
  return list.every((text, i) => typeof text === "string" && rule(text) && ascend(text, i));
}

const PATTERN = {
  tools: (pattern) => isName(pattern.endsWith(".*") ? pattern.slice(0, -2) : pattern),
  operations: isName,
  resources: isResourcePattern,
};

const isPattern = (value) =>
  value instanceof Map &&
  value.has("tools") &&
  [...value].every(([name, list]) => Object.hasOwn(PATTERN, name) && isList(list, PATTERN[name]));

function isResourcePattern(pattern) {
  const isPrefix = pattern.endsWith("*");
  const stem = isPrefix ? pattern.slice(0, -1) : pattern;
  if (stem.includes("*") || /[/:]$/.test(stem) !== isPrefix) return false;
  const resource = isPrefix ? `${stem}x` : stem;
  try {
    if (!isLabel(resource, 1024)) return false;
    checkResource(resource);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function canonical(value) {
  if (value instanceof Map) return canonicalObject([...value].map(([name, member]) => [name, canonical(member)]));
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value instanceof JsonNumber) return canonicalNumber(value.text)?.text;
  return typeof value === "string" ? quote(value) : String(value);
}
/** What keeps an approval from fitting; undefined if it fits. */
export function misfit({ state, onward, audiences, meaning, calls }, states, audience, request) {
  const at = states.indexOf(state);
  if (at >= 0 && at < states.length - 1 && !onward) return "for_earlier_holder";
  const covers = meaning === undefined ? calls.some((pattern) => coversCall(pattern, request)) : meaning === hex(request.digest);
  return at >= 0 && audiences.includes(audience) && covers ? undefined : "mismatch";
}

/** Whether a pattern, a map, covers a call. */
export function coversCall(pattern, { tool, operation, resource }) {
  const begins = (text) => (one) => one.endsWith("*") && text.startsWith(one.slice(0, -1));
  const among = (list, text, isPrefix) =>
    list === undefined || (text !== undefined && (list.includes(text) || list.some((one) => isPrefix && begins(text)(one))));
  return (
    among(pattern.get("tools"), tool, true) &&
    among(pattern.get("operations"), operation, false) &&
    among(pattern.get("resources"), resource, true)
  );
}
