// Bytes, their text forms, and what a refusal is. For browsers and Node.js alike.
export { sha256 } from "./sha256.mjs";

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

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Bytes of hexadecimal text, up to the first two characters that are none. */
export function unhex(text) {
  const pairs = /^(?:[0-9a-fA-F]{2})*/.exec(text)[0].match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

export const utf8 = (text) => new TextEncoder().encode(text);

/** Like a comparison of numbers: negative, 0 or positive. */
export function compareBytes(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

export const same = (a, b) => compareBytes(a, b) === 0;

/** Joins bytes, arrays of bytes, and texts. */
export function concat(...parts) {
  const all = parts.map((part) => (typeof part === "string" ? utf8(part) : part));
  const joined = new Uint8Array(all.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Text of these bytes, which must be UTF-8; a byte order mark is a character. */
export const text = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

export const littleEndian4 = (number) => new Uint8Array([number, number >>> 8, number >>> 16, number >>> 24]);

export function bigEndian8(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

/** A number of bytes, most significant first. */
export const bigEndian = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);
export const littleEndian = (bytes) => bigEndian(Uint8Array.from(bytes).reverse());

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

export function base64url(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const all = (a << 16) | (b << 8) | c;
    const digits = [18, 12, 6, 0].map((shift) => DIGITS[(all >>> shift) & 63]);
    text += digits.slice(0, Math.min(bytes.length - at, 3) + 1).join("");
  }
  return text;
}

/** Bytes of base64url without padding, in its one spelling. */
export function unbase64url(spelling, code) {
  const bytes = new Uint8Array(Math.floor((spelling.length * 3) / 4));
  let [kept, bits, at] = [0, 0, 0];
  for (const digit of spelling) {
    kept = ((kept << 6) | (VALUES.get(digit) ?? refuse(code))) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes[at++] = kept >>> (bits -= 8);
  }
  demand(bits < 6 && (kept & ((1 << bits) - 1)) === 0 && at === bytes.length, code);
  return bytes;
}
