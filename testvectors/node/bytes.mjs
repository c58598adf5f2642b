// Bytes, their text forms, and what a refusal is.
import { sha256 } from "@noble/hashes/sha2.js";

export { sha256 };

/** An input that is refused, with its code (section 15). */
export class Refusal extends Error {
  constructor(code, blame = {}) {
    super(code);
    this.code = code;
    this.blame = blame;
  }
}

export const refuse = (code) => {
  throw new Refusal(code);
};
export const demand = (condition, code) => condition || refuse(code);

export const hex = (bytes) => Buffer.from(bytes).toString("hex");
export const unhex = (text) => new Uint8Array(Buffer.from(text, "hex"));
export const utf8 = (text) => new TextEncoder().encode(text);
export const same = (a, b) => Buffer.compare(a, b) === 0;

/** Joins bytes, arrays of bytes, and texts. */
export const concat = (...parts) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? utf8(part) : Uint8Array.from(part)))));

/** Text of these bytes, which must be UTF-8; a byte order mark is a character. */
export const text = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

export const littleEndian4 = (number) => new Uint8Array([number, number >>> 8, number >>> 16, number >>> 24]);

export function bigEndian8(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

export const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

/** Bytes of base64url without padding; Node skips what it does not know, so the spelling is compared. */
export function unbase64url(spelling, code) {
  const bytes = Buffer.from(spelling, "base64url");
  demand(base64url(bytes) === spelling, code);
  return new Uint8Array(bytes);
}
