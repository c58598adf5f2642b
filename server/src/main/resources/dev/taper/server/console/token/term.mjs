// Terms: their bytes, their order and their text form.
import { demand, hex, refuse } from "./bytes.mjs";
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

function compare(a, b) {
  const comparable = ["integer", "string", "date"].includes(a.type) && a.type === b.type;
  const [x, y] = comparable ? [a.value, b.value] : [a, b].map((term) => term.type + print(term));
  return x < y ? -1 : x > y ? 1 : 0;
}

export const equal = (a, b) => a.type === b.type && print(a) === print(b);

/** The text of a term, as the vectors write it. */
export function print(term) {
  switch (term.type) {
    case "variable":
      return `$${term.value}`;
    case "string":
      return `"${term.value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
    case "date":
      return new Date(Number(term.value) * 1000).toISOString().replace(".000Z", "Z");
    case "bytes":
      return `hex:${hex(term.value)}`;
    case "null":
      return "null";
    case "set":
      return printSet(term.value);
    case "array":
      return `[${term.value.map(print).join(", ")}]`;
    case "map":
      return `{${term.value.map(([key, value]) => `${print(key)}: ${print(value)}`).join(", ")}}`;
    default:
      return String(term.value);
  }
}

/** One boolean, null or bytes stand between spaces: without them the text would read as a parameter. */
function printSet(elements) {
  if (elements.length === 0) return "{,}";
  const text = elements.map(print).join(", ");
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
