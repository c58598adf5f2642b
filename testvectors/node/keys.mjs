// Keys and signatures (section 2).
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, demand, hex, refuse, same, unhex } from "./bytes.mjs";

const ALGORITHMS = ["ed25519", "secp256r1"];
const ED_PRIME = 2n ** 255n - 19n;
const P256_PRIME = p256.Point.Fp.ORDER;
const P256_ORDER = p256.Point.Fn.ORDER;

const bigEndian = (bytes) => BigInt("0x" + (hex(bytes) || "0"));
const littleEndian = (bytes) => bigEndian(Uint8Array.from(bytes).reverse());

/** A public key of an algorithm by its number, refused if it cannot be one. */
export function readKey(algorithm, bytes) {
  demand(algorithm === 0 ? edKeyFits(bytes) : p256KeyFits(bytes), "invalid_key");
  return { algorithm, bytes };
}

function edKeyFits(bytes) {
  if (bytes.length !== 32) return false;
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  if (y >= ED_PRIME) return false;
  // x is 0 only for y of 1 and -1, which are of small order anyway.
  if (y === 1n || y === ED_PRIME - 1n) return false;
  const point = edPoint(bytes);
  return point === null || !point.isSmallOrder();
}

const p256KeyFits = (bytes) =>
  bytes.length === 33 && (bytes[0] === 2 || bytes[0] === 3) && bigEndian(bytes.subarray(1)) < P256_PRIME;

function edPoint(bytes) {
  try {
    return ed25519.Point.fromBytes(bytes);
  } catch {
    return null; // no point of the curve: it verifies nothing
  }
}

export const keyText = (key) => `${ALGORITHMS[key.algorithm]}/${hex(key.bytes)}`;
export const sameKey = (a, b) => keyText(a) === keyText(b);

export function algorithmNumber(name) {
  demand(ALGORITHMS.includes(name), "invalid_key");
  return ALGORITHMS.indexOf(name);
}

/** A key from its text form. */
export function parseKey(text) {
  const [, name, bytes] = /^(ed25519|secp256r1)\/((?:[0-9a-f]{2})*)$/.exec(text) ?? refuse("invalid_key");
  return readKey(algorithmNumber(name), unhex(bytes));
}

export function publicKey(algorithm, secret) {
  const curve = algorithm === 0 ? ed25519 : p256;
  return readKey(algorithm, curve.getPublicKey(secret));
}

/** RFC 8032, or RFC 6979 with the smaller s. */
export function sign(algorithm, secret, message) {
  if (algorithm === 0) return ed25519.sign(message, secret);
  return writeDer(readCompact(p256.sign(message, secret, { prehash: true, lowS: true })));
}

/** Refuses a signature that is none, or not of this message by this key. */
export function verify(key, message, signature) {
  const good = key.algorithm === 0 ? edVerify(key, message, signature) : p256Verify(key, message, signature);
  demand(good, "invalid_signature");
}

/** Not that of the library, whose equation has the cofactor. */
function edVerify(key, message, signature) {
  demand(signature.length === 64, "malformed_signature");
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const a = edPoint(key.bytes);
  const order = ed25519.Point.Fn.ORDER;
  if (a === null || s >= order) return false;
  const k = littleEndian(sha512(concat(r, key.bytes, message))) % order;
  const expected = ed25519.Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return !expected.isSmallOrder() && same(expected.toBytes(), r);
}

function p256Verify(key, message, signature) {
  const { r, s } = readDer(signature);
  const compact = unhex([r, s].map((n) => n.toString(16).padStart(64, "0")).join(""));
  try {
    return p256.verify(compact, message, key.bytes, { prehash: true, lowS: false });
  } catch {
    return false; // the key is no point of the curve
  }
}

/** What identifies a signature: for ECDSA, of both good ones, that with the smaller s. */
export function revocationKey(key, signature) {
  if (key.algorithm === 0) return signature;
  const { r, s } = readDer(signature);
  return writeDer({ r, s: s * 2n > P256_ORDER ? P256_ORDER - s : s });
}

/** Strict: these bytes must be what the numbers are written as. */
function readDer(bytes) {
  const integer = (at) => bytes.subarray(at + 2, at + 2 + bytes[at + 1]);
  const rBytes = integer(2);
  const r = bigEndian(rBytes);
  const s = bigEndian(integer(4 + rBytes.length));
  const inRange = [r, s].every((n) => n > 0n && n < P256_ORDER);
  demand(inRange && same(writeDer({ r, s }), bytes), "malformed_signature");
  return { r, s };
}

function writeDer({ r, s }) {
  const integer = (number) => {
    const digits = number.toString(16);
    const bytes = unhex((digits.length % 2 ? "0" : "") + digits);
    const value = bytes[0] & 0x80 ? concat([0], bytes) : bytes;
    return concat([2, value.length], value);
  };
  const body = concat(integer(r), integer(s));
  return concat([0x30, body.length], body);
}

const readCompact = (bytes) => ({ r: bigEndian(bytes.subarray(0, 32)), s: bigEndian(bytes.subarray(32)) });
