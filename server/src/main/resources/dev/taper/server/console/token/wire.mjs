// Strict protobuf, one message at a time: nested messages stay bytes until they are read themselves.
import { refuse, Refusal, text } from "./bytes.mjs";

const [VARINT, DELIMITED] = [0, 2];
const LONGEST = 10; // bytes of a number

/**
 * A message whose fields are numbered from 1. "name" is mandatory, "name?" optional, "name*"
 * repeated; of all "name|", exactly one is there (of "name|?", at most one).
 */
export function message(...fields) {
  return fields.map((field) => {
    const [, name, rule, type] = /^(\w+)([^:]*):(\w+)$/.exec(field);
    return { name, rule, type };
  });
}

/** Reads a message; whatever is wrong with it is refused with this code. */
export function read(message, bytes, code) {
  try {
    return readFields(message, new Reader(bytes, code), code);
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(code);
  }
}

function readFields(message, reader, code) {
  const result = {};
  for (const { name, rule } of message) if (rule === "*") result[name] = [];
  while (!reader.isAtEnd()) {
    const tag = reader.number();
    const field = message[Number(tag >> 3n) - 1] ?? refuse(code);
    const value = readValue(field.type, Number(tag & 7n), reader, code);
    if (field.rule === "*") result[field.name].push(value);
    else if (Object.hasOwn(result, field.name)) refuse(code);
    else result[field.name] = value;
  }
  const has = ({ name }) => Object.hasOwn(result, name);
  const missing = message.filter((field) => field.rule === "" && !has(field));
  const alternatives = message.filter(({ rule }) => rule.startsWith("|"));
  const chosen = alternatives.filter(has).length;
  const needed = alternatives.some(({ rule }) => rule === "|") ? 1 : 0;
  if (missing.length > 0 || chosen > 1 || chosen < needed) refuse(code);
  return result;
}

function readValue(type, wireType, reader, code) {
  const isDelimited = type === "bytes" || type === "string";
  if (wireType !== (isDelimited ? DELIMITED : VARINT)) refuse(code);
  if (isDelimited) {
    const bytes = reader.bytes(reader.number());
    return type === "string" ? text(bytes) : bytes;
  }
  const value = reader.number();
  switch (type) {
    case "uint32":
      return value < 1n << 32n ? Number(value) : refuse(code);
    case "bool":
      return value < 2n ? value === 1n : refuse(code);
    case "int64":
      return BigInt.asIntN(64, value);
    default:
      return value;
  }
}

class Reader {
  #bytes;
  #code;
  #at = 0;

  constructor(bytes, code) {
    this.#bytes = bytes;
    this.#code = code;
  }

  isAtEnd() {
    return this.#at === this.#bytes.length;
  }

  /** Of at most 64 bits, in its shortest form. */
  number() {
    let value = 0n;
    for (let i = 0; i < LONGEST; i++) {
      const byte = this.#bytes[this.#at++] ?? refuse(this.#code);
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return value >> 64n === 0n && (byte > 0 || i === 0) ? value : refuse(this.#code);
    }
    return refuse(this.#code);
  }

  bytes(length) {
    if (length > BigInt(this.#bytes.length - this.#at)) refuse(this.#code);
    const start = this.#at;
    this.#at += Number(length);
    return this.#bytes.subarray(start, this.#at);
  }
}

/** A number as it is written. */
function numberBytes(number) {
  const bytes = [];
  for (let rest = number; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** The parts of a field that has a number of at most 32 bits. */
export const numberField = (field, value) => [[(field << 3) | VARINT], numberBytes(value)];

/** The parts of a field that has bytes. */
export const bytesField = (field, bytes) => [[(field << 3) | DELIMITED], numberBytes(bytes.length), bytes];
