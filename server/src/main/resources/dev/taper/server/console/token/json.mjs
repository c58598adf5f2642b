// Strict JSON (RFC 8259), and its canonical form (RFC 8785). Numbers stay as they are written.
import { demand, refuse } from "./bytes.mjs";

export class JsonNumber {
  constructor(text) {
    this.text = text;
  }
}

/**
 * Reads a document: objects become maps. Whatever is wrong with it is refused with this code. A member of it may be passed
 * over: it only has to be JSON.
 */
export function parse(text, code, maxDepth = 16, passedOver = undefined) {
  return new Parser(text, code, maxDepth, passedOver).document();
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LITERALS = { t: ["true", true], f: ["false", false], n: ["null", null] };

/** The depth of what is in the document's object. */
const OUTERMOST = 2;

class Parser {
  #at = 0;
  #isPassingOver = false;

  constructor(text, code, maxDepth, passedOver) {
    Object.assign(this, { text, code, maxDepth, passedOver });
  }

  document() {
    const value = this.#value(1);
    demand(this.#peek() === undefined, this.code);
    return value;
  }

  #value(depth) {
    const next = this.#peek();
    if (next === "{" || next === "[") demand(depth <= this.maxDepth, this.code);
    if (next === "{") return this.#object(depth + 1);
    if (next === "[") return this.#array(depth + 1);
    if (next === '"') return this.#string();
    if (next in LITERALS) return this.#literal(LITERALS[next]);
    return new JsonNumber(this.#match(NUMBER));
  }

  #object(depth) {
    const members = new Map();
    this.#list("}", () => {
      this.#peek();
      const name = this.#string();
      demand(!members.has(name), this.code);
      this.#expect(":");
      if (depth === OUTERMOST) this.#isPassingOver = name === this.passedOver;
      members.set(name, this.#value(depth));
    });
    return members;
  }

  #array(depth) {
    const elements = [];
    this.#list("]", () => elements.push(this.#value(depth)));
    return elements;
  }

  #list(end, readElement) {
    this.#at++;
    if (this.#peek() === end) return this.#at++;
    for (;;) {
      readElement();
      if (this.#peek() === end) return this.#at++;
      this.#expect(",");
    }
  }

  #literal([word, value]) {
    demand(this.text.startsWith(word, this.#at), this.code);
    this.#at += word.length;
    return value;
  }

  /** Of the right form, so what it stands for can be left to Node. */
  #string() {
    const text = JSON.parse(this.#match(STRING));
    demand(this.#isPassingOver || text.isWellFormed(), this.code);
    return text;
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    const [match] = pattern.exec(this.text) ?? refuse(this.code);
    this.#at += match.length;
    return match;
  }

  #expect(character) {
    demand(this.#peek() === character, this.code);
    this.#at++;
  }

  /** The next character behind white space. */
  #peek() {
    this.#match(SPACE);
    return this.text[this.#at];
  }
}

const SHORT = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" };

export const quote = (text) =>
  `"${text.replace(/["\\\u0000-\u001f]/g, (c) => SHORT[c] ?? "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"))}"`;

/** The canonical form of an object, from the canonical forms of its members' values. */
export const canonicalObject = (members) =>
  `{${[...members]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([name, value]) => `${quote(name)}:${value}`)
    .join(",")}}`;

/** The canonical form of any value; a number that has none is refused. */
export function canonicalValue(value) {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map(canonicalValue).join(",")}]`;
  if (value instanceof Map) return canonicalObject([...value].map(([name, each]) => [name, canonicalValue(each)]));
  if (!(value instanceof JsonNumber)) return String(value);
  const number = canonicalNumber(value.text);
  demand(number !== undefined, "invalid_argument_value");
  return number.text;
}

/** A number's digits, the place of its point, and its canonical text; undefined if it has none. */
export function canonicalNumber(text) {
  if (text.length > 64) return undefined;
  const [, minus, whole, fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text);
  const significant = (whole + fraction).replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") return { sign: "", digits: "0", point: 1, text: "0" };
  const point = Number(power) - fraction.length + significant.length;
  if (Math.abs(point - 1) > 999) return undefined;
  const canonical = minus + layOut(digits, point);
  return canonical.length > 64 ? undefined : { sign: minus, digits, point, text: canonical };
}

/** As ECMAScript lays out the digits of a number whose value is 0.digits with the point moved to the right. */
function layOut(digits, point) {
  const count = digits.length;
  if (count <= point && point <= 21) return digits + "0".repeat(point - count);
  if (0 < point && point <= 21) return `${digits.slice(0, point)}.${digits.slice(point)}`;
  if (-6 < point && point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  const exponent = `e${point - 1 < 0 ? "-" : "+"}${Math.abs(point - 1)}`;
  return (count === 1 ? digits : `${digits[0]}.${digits.slice(1)}`) + exponent;
}

export const byCodeUnits = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
