// Terms: their bytes, their order and their text form.
import { compareBytes, demand, hex, refuse } from "./bytes.mjs";
import { message, read } from "./wire.mjs";

const MALFORMED = "malformed_block";

const TERM = message(
  "variable|:uint32",
  "integer|:int64",
  "string|:uint64",
  "date|:uint64",
  "bytes|:bytes",
  "bool|:bool",
  "set|:bytes",
  "null|:bytes",
  "array|:bytes",
  "map|:bytes",
);
const ELEMENTS = message("elements*:bytes");
const ENTRIES = message("entries*:bytes");
const ENTRY = message("key:bytes", "value:bytes");
const KEY = message("integer|:int64", "string|:uint64");
const EMPTY = message();

const DEPTH = 64;

export const string = (value) => ({ type: "string", value });
export const integer = (value) => ({ type: "integer", value: BigInt(value) });
export const bool = (value) => ({ type: "bool", value });
export const date = (seconds) => ({ type: "date", value: BigInt(seconds) });
export const array = (value) => ({ type: "array", value });
export const bytes = (value) => ({ type: "bytes", value });
export const NULL = { type: "null" };

/** A set has an order, so that equal ones have one text. */
export const set = (terms) => ({ type: "set", value: inOrder(terms, (term) => term) });
/** A map from its entries, pairs of terms. */
export const map = (entries) => ({ type: "map", value: inOrder(entries, ([key]) => key) });

function inOrder(all, key) {
  const sorted = [...all].sort((a, b) => compare(key(a), key(b)));
  return sorted.filter((each, i) => i === 0 || compare(key(sorted[i - 1]), key(each)) !== 0);
}

const TYPES = ["variable", "integer", "string", "date", "bytes", "bool", "set", "null", "array", "map"];

/** By type, then by value. No text is made: a token has one copy of a long string that it uses often. */
function compare(a, b) {
  if (a.type !== b.type) return TYPES.indexOf(a.type) - TYPES.indexOf(b.type);
  switch (a.type) {
    case "null":
      return 0;
    case "bytes":
      return compareBytes(a.value, b.value);
    case "set":
    case "array":
      return compareAll(a.value, b.value, compare);
    case "map":
      return compareAll(a.value, b.value, (x, y) => compareAll(x, y, compare));
    default:
      return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  }
}

function compareAll(a, b, each) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const order = each(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

export const equal = (a, b) => compare(a, b) === 0;

/** The last date that text can write, in seconds: of the year 9999. */
const LAST_DATE = 253_402_300_799n;

/** Room for any text. */
export const ENDLESS = { left: Infinity };

/** The text of a term, as the vectors write it. */
export const print = (term) => write(term, ENDLESS);

/** The text of a term, as far as there is room: strings and names behind what takes it up are left out. */
export function write(term, room) {
  if (room.left < 0) return "";
  const all = (terms) => terms.map((each) => write(each, room)).join(", ");
  switch (term.type) {
    case "variable":
      return take(`$${term.value}`, room);
    case "string":
      return take(`"${term.value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`, room);
    case "date":
      return take(writeDate(term.value), room);
    case "bytes":
      return take(`hex:${hex(term.value)}`, room);
    case "null":
      return take("null", room);
    case "set":
      return inBraces(term.value, all(term.value));
    case "array":
      return `[${all(term.value)}]`;
    case "map":
      return `{${term.value.map(([key, value]) => `${write(key, room)}: ${write(value, room)}`).join(", ")}}`;
    default:
      return take(String(term.value), room);
  }
}

export function take(text, room) {
  room.left -= text.length;
  return text;
}

function writeDate(seconds) {
  if (seconds > LAST_DATE) return `<date ${seconds}>`;
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

/** One boolean, null or bytes stand between spaces: without them the text would read as a parameter. */
function inBraces(elements, text) {
  if (elements.length === 0) return "{,}";
  return elements.length === 1 && ["bool", "null", "bytes"].includes(elements[0].type) ? `{ ${text} }` : `{${text}}`;
}

export class TermReader {
  constructor(block) {
    this.block = block;
  }

  /** Reads a term; a ground one has no variable. */
  read(bytes, { ground = false } = {}) {
    const term = this.term(bytes, ground, 1);
    if (term.type === "null") this.block.since(6);
    return term;
  }

  term(bytes, ground, depth) {
    demand(depth <= DEPTH, "decode_limit");
    const [[type, raw]] = Object.entries(read(TERM, bytes, MALFORMED));
    const inside = (each) => this.term(each, true, depth + 1);
    switch (type) {
      case "variable":
        return ground ? refuse(MALFORMED) : { type, value: this.block.symbol(raw) };
      case "string":
        return string(this.block.symbol(raw));
      case "null":
        read(EMPTY, raw, MALFORMED);
        return NULL;
      case "set":
        return this.set(read(ELEMENTS, raw, MALFORMED).elements.map(inside), depth);
      case "array":
        return array(read(ELEMENTS, raw, MALFORMED).elements.map(inside));
      case "map":
        return this.map(read(ENTRIES, raw, MALFORMED).entries, inside);
      default:
        return { type, value: raw };
    }
  }

  set(terms, depth) {
    demand(new Set(terms.map(({ type }) => type)).size <= 1 && terms[0]?.type !== "set", MALFORMED);
    if (depth === 1 && terms[0]?.type === "null") this.block.since(6);
    return set(terms);
  }

  map(entries, inside) {
    const pairs = entries.map((bytes) => {
      const entry = read(ENTRY, bytes, MALFORMED);
      const [[type, raw]] = Object.entries(read(KEY, entry.key, MALFORMED));
      return [type === "string" ? string(this.block.symbol(raw)) : { type, value: raw }, inside(entry.value)];
    });
    const result = map(pairs);
    demand(result.value.length === pairs.length, MALFORMED); // a key twice
    return result;
  }
}
