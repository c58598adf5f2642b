// Keys that sign and verify (section 2), by a library of curves.
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, demand, hex, littleEndian, same } from "./token/bytes.mjs";
import { isStrict, keyText, readCompact, readDer, readKey, writeCompact, writeDer } from "./token/keys.mjs";

export * from "./token/keys.mjs";

export function publicKey(algorithm, secret) {
  const curve = algorithm === 0 ? ed25519 : p256;
  return readKey(algorithm, curve.getPublicKey(secret));
}

/** RFC 8032, or RFC 6979 with the smaller s. */
export function sign(algorithm, secret, message) {
  if (algorithm === 0) return ed25519.sign(message, secret);
  return writeDer(readCompact(p256.sign(message, secret, { prehash: true, lowS: true })));
}

const MOST_KNOWN = 4096;
const known = new Map();

/** Refuses a signature that is none, or not of this message by this key. Many calls come with one chain, so what is known is kept. */
export function verify(key, message, signature) {
  const name = [keyText(key), hex(message), hex(signature)].join();
  if (!known.has(name)) {
    if (known.size === MOST_KNOWN) known.clear();
    known.set(name, key.algorithm === 0 ? edVerify(key, message, signature) : p256Verify(key, message, signature));
  }
  demand(known.get(name), "invalid_signature");
}

/** Not that of the library, whose equation has the cofactor. */
function edVerify(key, message, signature) {
  if (!isStrict(signature)) return false;
  const a = edPoint(key.bytes);
  if (a === null) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const k = littleEndian(sha512(concat(r, key.bytes, message))) % ed25519.Point.Fn.ORDER;
  const expected = ed25519.Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return same(expected.toBytes(), r);
}

/** Whether the curve has such a point. */
export const isPoint = ({ algorithm, bytes }) => (algorithm === 0 ? edPoint(bytes) !== null : p256Point(bytes) !== null);

function p256Point(bytes) {
  try {
    return p256.Point.fromBytes(bytes);
  } catch {
    return null;
  }
}

function edPoint(bytes) {
  try {
    return ed25519.Point.fromBytes(bytes);
  } catch {
    return null; // no point of the curve: it verifies nothing
  }
}

function p256Verify(key, message, signature) {
  const compact = writeCompact(readDer(signature));
  try {
    return p256.verify(compact, message, key.bytes, { prehash: true, lowS: false });
  } catch {
    return false; // the key is no point of the curve
  }
}
