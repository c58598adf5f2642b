// Invocations: from JSON to their canonical form, digests and facts (sections 7 and 8).
import { demand, sha256, utf8 } from "./bytes.mjs";
import { hostBits, hostClass } from "./host.mjs";
import { byCodeUnits, canonicalObject, parse, quote } from "./json.mjs";
import { checkSegments } from "./segments.mjs";
import { array, bool, integer, map, NULL, set, string } from "./term.mjs";
import { isLabel, isName, isString, isVisible } from "./text.mjs";
import { checkResource, readUrlArgument } from "./url.mjs";

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
      return readArgument(name, readValue(value, true), freeText.includes(name));
    });
}

/** An argument, and the URL or path that it is, or what each element is if it is an array. */
function readArgument(name, value, isFreeText) {
  if (isFreeText) return { name, value };
  const elements = value.type === "array" ? value.value.map(readTarget) : undefined;
  return { name, value, ...readTarget(value), elements };
}

/** The URL or path that a string is. */
function readTarget({ type, value: text }) {
  if (type !== "string") return {};
  if (!text.startsWith("/")) return { url: readUrlArgument(text) };
  demand(isVisible(text) && !text.endsWith(" "), AMBIGUOUS_PATH);
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

/** Exactly: digits and a power of ten, without zeros at the end. */
function readNumber({ text }, isTop) {
  demand(text.length <= 64, INVALID_VALUE);
  const [, sign, whole, fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text);
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return integer(0);
  const exponent = Number(power) - fraction.length + digits.length - significant.length;
  const signed = (zeros) => BigInt(sign + significant + "0".repeat(zeros));
  if (exponent >= 0) {
    demand(significant.length + exponent <= 16, INVALID_VALUE);
    const value = signed(exponent);
    demand(value <= 2n ** 53n && value >= -(2n ** 53n), INVALID_VALUE);
    return integer(value);
  }
  demand(isTop && exponent >= -6 && significant.length <= 15, INVALID_VALUE);
  const millionths = signed(6 + exponent);
  demand(fits64(millionths), INVALID_VALUE);
  return { type: "decimal", value: millionths };
}

const fits64 = (number) => BigInt.asIntN(64, number) === number;

class Request {
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
  const facts = value.type === "decimal" ? [] : [fact("arg", name, value)];
  if (value.type === "decimal") facts.push(fact("arg_decimal", name, integer(value.value)));
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
    case "decimal":
      return decimalText(value);
    case "null":
      return "null";
    default:
      return String(value);
  }
}

function decimalText(millionths) {
  const [sign, size] = millionths < 0n ? ["-", -millionths] : ["", millionths];
  const fraction = (size % MILLION).toString().padStart(6, "0").replace(/0+$/, "");
  return `${sign}${size / MILLION}.${fraction}`;
}
