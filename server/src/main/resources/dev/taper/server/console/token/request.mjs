// Invocations: from JSON to their canonical form, digests and facts (sections 7 and 8).
import { demand, sha256, utf8 } from "./bytes.mjs";
import { hostBits, hostClass } from "./host.mjs";
import { byCodeUnits, canonicalNumber, canonicalObject, canonicalValue, parse, quote } from "./json.mjs";
import { checkSegments } from "./segments.mjs";
import { array, bool, bytes, integer, map, NULL, set, string } from "./term.mjs";
import { isLabel, isName, isString, isVisible } from "./text.mjs";
import { checkResource, looksLikeUrl, readDeclaredHost, readDeclaredUrl, readUrlArgument } from "./url.mjs";

const INVALID = "invalid_request";
const INVALID_VALUE = "invalid_argument_value";
const AMBIGUOUS_PATH = "ambiguous_path";

const MEMBERS = ["tool", "operation", "resource", "args"];
const MILLION = 1_000_000n;

/** Reads a call; the arguments of these names are free text. */
export function readRequest(text, freeText = []) {
  demand(utf8(text).length <= 65536, INVALID);
  return requestOf(parse(text, INVALID), freeText);
}

/** The call that a JSON object is. */
export function requestOf(json, freeText = []) {
  demand(json instanceof Map && [...json.keys()].every((name) => MEMBERS.includes(name)), INVALID);
  const [tool, operation, resource] = MEMBERS.slice(0, 3).map((name) => readText(json, name));
  demand(tool !== undefined && isName(tool), INVALID);
  demand(operation === undefined || isName(operation), INVALID);
  if (resource !== undefined) {
    demand(isLabel(resource, 1024), "ambiguous_resource");
    checkResource(resource);
  }
  const args = readArguments(json.has("args") ? json.get("args") : new Map(), freeText);
  return new Request(tool, operation, resource, args);
}

function readText(json, name) {
  const value = json.get(name);
  demand(!json.has(name) || typeof value === "string", INVALID);
  return value;
}

function readArguments(json, freeText) {
  demand(json instanceof Map && json.size <= 64, INVALID);
  return [...json]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([name, value]) => {
      demand(isLabel(name, 256), INVALID);
      return readArgument(name, value, freeText.includes(name) ? { is: "text" } : {});
    });
}

/**
 * An argument, and the URL or path that it is, or what each element is if it is an array. By what it is declared to be,
 * it may be read otherwise, or hold what cannot be stated.
 */
export function readArgument(name, json, { is = "plain", opaque = false } = {}) {
  if ((opaque || is === "text") && !isStated(json) && !hasTarget(json, is)) {
    return { name, value: { type: "opaque", value: canonicalValue(json) } };
  }
  const value = readValue(json, true);
  const read = (term) => readTarget(term, is);
  const elements = value.type === "array" && is !== "text" ? value.value.map(read) : undefined;
  return { name, value, ...read(value), elements };
}

/** Whether every string in it is one that can be stated. */
function isStated(json) {
  if (typeof json === "string") return isString(json);
  if (Array.isArray(json)) return json.every(isStated);
  return !(json instanceof Map) || [...json].every(([name, value]) => isString(name) && isStated(value));
}

/** Whether a string, or one in an array, will be taken for a URL or path. */
function hasTarget(json, is) {
  const isTarget = (text) => typeof text === "string" && is === "plain" && (text.startsWith("/") || looksLikeUrl(text));
  return Array.isArray(json) ? json.some(isTarget) : isTarget(json);
}

/** The URL or path that a string is. */
function readTarget({ type, value: text }, is) {
  if (type !== "string" || is === "text") return {};
  if (is === "url") return { url: readDeclaredUrl(text) };
  if (is === "host") return { url: readDeclaredHost(text) };
  if (is === "plain" && !text.startsWith("/")) return { url: readUrlArgument(text) };
  demand(text.startsWith("/") && isVisible(text) && !text.endsWith(" "), AMBIGUOUS_PATH);
  checkSegments(text, 0, AMBIGUOUS_PATH);
  return { path: text };
}

function readValue(json, isTop) {
  if (json === null) return NULL;
  if (typeof json === "boolean") return bool(json);
  if (typeof json === "string") return checkedString(json);
  if (Array.isArray(json)) return array(json.map((each) => readValue(each, false)));
  if (json instanceof Map) return map([...json].map(([name, each]) => [checkedString(name), readValue(each, false)]));
  return readNumber(json, isTop);
}

function checkedString(text) {
  demand(isString(text), INVALID_VALUE);
  return string(text);
}

/** Exactly: an integer of 64 bits, or the number's canonical form; at the top with its millionths. */
function readNumber({ text }, isTop) {
  const number = canonicalNumber(text);
  demand(number !== undefined, INVALID_VALUE);
  const { sign, digits, point } = number;
  const scaled = (zeros) => BigInt(sign + digits + "0".repeat(zeros));
  const exponent = point - digits.length;
  const isSmall = point <= 20; // else no 64 bits are enough
  const value = isSmall && exponent >= 0 ? scaled(exponent) : undefined;
  if (value !== undefined && fits64(value)) return integer(value);
  if (!isTop) return bytes(utf8(number.text));
  const millionths = isSmall && exponent >= -6 ? scaled(6 + exponent) : undefined;
  return { type: "number", value: number.text, millionths: fits64(millionths ?? 2n ** 64n) ? millionths : undefined };
}

export const fits64 = (number) => BigInt.asIntN(64, number) === number;

/** A call with what is known of it. */
export class Request {
  constructor(tool, operation, resource, args) {
    Object.assign(this, { tool, operation, resource, args });
    demand(utf8(this.canonical).length <= 65536, INVALID);
  }

  get canonicalArguments() {
    return canonicalObject(this.args.map(({ name, value }) => [name, canonical(value)]));
  }

  get canonical() {
    const texts = MEMBERS.slice(0, 3).filter((name) => this[name] !== undefined);
    return canonicalObject([["args", this.canonicalArguments], ...texts.map((name) => [name, quote(this[name])])]);
  }

  get digest() {
    return sha256(utf8(this.canonical));
  }

  /** What of it is sent in form 1, in order. */
  get parts() {
    return this.sent?.parts ?? this.ownParts;
  }

  get ownParts() {
    return [this.tool, this.operation ?? "", this.resource ?? "", this.canonicalArguments].map(utf8);
  }

  get argumentsDigest() {
    return sha256(utf8(this.canonicalArguments));
  }

  /** What a verifier states about this call. */
  get facts() {
    return [
      ...MEMBERS.slice(0, 3).filter((name) => this[name] !== undefined).map((name) => fact(name, string(this[name]))),
      fact("arg_names", set(this.args.map(({ name }) => string(name)))),
      ...this.args.flatMap(argumentFacts),
    ];
  }
}

export const fact = (name, ...terms) => ({ name, terms });

function argumentFacts({ name: text, value, url, path, elements }) {
  const name = string(text);
  if (value.type === "opaque") return [fact("arg_opaque", name)];
  const facts = value.type === "number" ? [] : [fact("arg", name, value)];
  if (value.type === "number") {
    if (value.millionths !== undefined) facts.push(fact("arg_decimal", name, integer(value.millionths)));
    facts.push(fact("arg_number", name, string(value.value)));
  }
  if (value.type === "integer" && fits64(value.value * MILLION)) {
    facts.push(fact("arg_decimal", name, integer(value.value * MILLION)));
  }
  if (url) {
    const { scheme, host, port } = url;
    facts.push(fact("arg_url", name, string(scheme), string(host.text), integer(port), string(url.path)));
    facts.push(fact("arg_host_class", name, string(hostClass(host))));
    const bits = hostBits(host);
    if (bits) facts.push(fact("arg_ip", name, string(bits)));
  }
  if (path) facts.push(fact("arg_path", name, string(path)));
  const hosts = elements?.filter(({ url }) => url).map(({ url }) => string(url.host.text));
  const isEvery = hosts?.length === elements?.length;
  if (hosts && (isEvery || hosts.length > 0)) facts.push(fact("arg_each_host", name, bool(isEvery), set(hosts)));
  return facts;
}

/** The canonical JSON of a value. */
function canonical({ type, value }) {
  switch (type) {
    case "string":
      return quote(value);
    case "array":
      return `[${value.map(canonical).join(",")}]`;
    case "map":
      return canonicalObject(value.map(([key, each]) => [key.value, canonical(each)]));
    case "number":
    case "opaque":
      return value;
    case "bytes":
      return new TextDecoder().decode(value);
    case "null":
      return "null";
    default:
      return String(value);
  }
}
