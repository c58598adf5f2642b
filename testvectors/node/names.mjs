// Files of names (section 8): who is who, and who vouches for that.
import { concat, demand, refuse, Refusal, unhex, utf8 } from "./token/bytes.mjs";
import { canonicalObject, canonicalValue, JsonNumber, parse } from "./token/json.mjs";
import { isPoint, keyText, parseKey, sameKey, verify } from "./keys.mjs";
import { isLabel } from "./token/text.mjs";

const INVALID = "invalid_names";
const FORMAT = "taper/1 names";
const TAG = "\0TAPER\0NAMES\0";
const LONGEST = 1 << 25;
const LONGEST_NAME = 1024;
const GREATEST = 2n ** 63n - 1n;
const KEYED = ["agents", "approvers", "issuers"];
const MEMBERS = ["format", "number", ...KEYED, "groups", "signer", "signature"];

const isText = (value) => typeof value === "string";

/** Whoever is in a file; one that is not to be taken is refused, whatever is wrong with it. */
export function readNames(text, { trusted, earlier } = {}) {
  try {
    const file = document(text);
    const names = who(file);
    const claim = file.has("signer") ? readClaim(file) : undefined;
    if (trusted) names.signer = keyText(signerOf(claim, text, trusted));
    if (earlier !== undefined) demand(names.number >= earlier, INVALID);
    return names;
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(INVALID) : error;
  }
}

function document(text) {
  demand(utf8(text).length <= LONGEST, INVALID);
  const file = parse(text, INVALID, 32);
  demand(file instanceof Map && file.get("format") === FORMAT, INVALID);
  demand([...file.keys()].every((name) => MEMBERS.includes(name)), INVALID);
  demand(file.has("signer") === file.has("signature"), INVALID);
  demand(!file.has("signer") || file.has("number"), INVALID);
  return file;
}

function who(file) {
  const number = file.has("number") ? wholeNumber(file.get("number")) : undefined;
  const owners = new Map();
  const sections = KEYED.map((section) => [section, keysOf(file.get(section), owners)]);
  const names = Object.fromEntries(sections);
  const groups = textsOf(file.get("groups"));
  for (const members of Object.values(groups)) {
    demand(members.every((member) => Object.hasOwn(names.approvers, member)), INVALID);
    members.sort();
  }
  return { number, ...names, groups };
}

function wholeNumber(value) {
  demand(value instanceof JsonNumber, INVALID);
  const text = canonicalValue(value);
  demand(/^[0-9]+$/.test(text) && BigInt(text) <= GREATEST, INVALID);
  return BigInt(text);
}

function keysOf(section, owners) {
  const named = textsOf(section);
  for (const [name, keys] of Object.entries(named)) {
    demand(keys.length > 0, INVALID);
    for (const key of keys) {
      const parsed = parseKey(key);
      demand(isPoint(parsed), INVALID);
      const text = keyText(parsed);
      demand((owners.get(text) ?? name) === name, INVALID);
      owners.set(text, name);
    }
  }
  return named;
}

/** A section: names, each with one text or an array of different ones. */
function textsOf(section = new Map()) {
  demand(section instanceof Map, INVALID);
  return Object.fromEntries(
    [...section].map(([name, value]) => {
      const texts = isText(value) ? [value] : value;
      demand(isLabel(name, LONGEST_NAME) && Array.isArray(texts) && texts.every(isText), INVALID);
      demand(new Set(texts).size === texts.length, INVALID);
      return [name, texts];
    }),
  );
}

/** Who is said to have signed it, whether anybody looks at that or not. */
function readClaim(file) {
  const [signer, signature] = ["signer", "signature"].map((name) => file.get(name));
  demand(isText(signer) && isText(signature) && /^([0-9a-f]{2})*$/.test(signature), INVALID);
  demand(isPoint(parseKey(signer)), INVALID);
  return { signer: parseKey(signer), signature: unhex(signature) };
}

function signerOf(claim, text, trusted) {
  demand(claim && trusted.some((key) => sameKey(key, claim.signer)), INVALID);
  verify(claim.signer, namesMessage(text), claim.signature);
  return claim.signer;
}

/** What a signature covers: a tag, and the canonical form of all members but the signature. */
export function namesMessage(text) {
  const file = parse(text, INVALID, 32);
  if (!(file instanceof Map)) refuse(INVALID);
  const members = [...file].filter(([name]) => name !== "signature");
  return concat(TAG, canonicalObject(members.map(([name, value]) => [name, canonicalValue(value)])));
}
