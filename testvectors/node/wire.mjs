// Strict protobuf, one message at a time: nested messages stay bytes until they are read themselves.
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { refuse, Refusal, same, text } from "./bytes.mjs";

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
    return readFields(message, new BinaryReader(bytes), code);
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(code);
  }
}

function readFields(message, reader, code) {
  const result = {};
  for (const { name, rule } of message) if (rule === "*") result[name] = [];
  while (reader.pos < reader.len) {
    const tag = varint(reader, code);
    const field = message[Number(tag >> 3n) - 1] ?? refuse(code);
    const value = readValue(field.type, Number(tag & 7n), reader, code);
    if (field.rule === "*") result[field.name].push(value);
    else if (field.name in result) refuse(code);
    else result[field.name] = value;
  }
  const missing = message.filter(({ name, rule }) => rule === "" && !(name in result));
  const alternatives = message.filter(({ rule }) => rule.startsWith("|"));
  const chosen = alternatives.filter(({ name }) => name in result).length;
  const needed = alternatives.some(({ rule }) => rule === "|") ? 1 : 0;
  if (missing.length > 0 || chosen > 1 || chosen < needed) refuse(code);
  return result;
}

function readValue(type, wireType, reader, code) {
  const delimited = type === "bytes" || type === "string";
  if (wireType !== (delimited ? WireType.LengthDelimited : WireType.Varint)) refuse(code);
  if (delimited) {
    const length = Number(varint(reader, code));
    if (length > reader.len - reader.pos) refuse(code);
    const start = reader.pos;
    reader.pos += length;
    const bytes = bytesOf(reader, start);
    return type === "string" ? text(bytes) : bytes;
  }
  const value = varint(reader, code);
  switch (type) {
    case "uint32":
      return value < 1n << 32n ? Number(value) : refuse(code);
    case "bool":
      return value < 2n ? value === 1n : refuse(code);
    case "int64":
      return BigInt.asIntN(64, value);
    case "uint64":
      return value;
  }
}

/** The library takes longer forms and drops bits beyond 64, so what it read is written and compared. */
function varint(reader, code) {
  const start = reader.pos;
  const value = BigInt(reader.uint64());
  return same(bytesOf(reader, start), new BinaryWriter().uint64(value).finish()) ? value : refuse(code);
}

const bytesOf = (reader, start) => reader.buf.subarray(start, reader.pos);
