// Keys and the forms of signatures (section 2). Who verifies has other parts: verify.mjs in browsers.
import { bigEndian, concat, demand, hex, littleEndian, refuse, same, unhex } from "./bytes.mjs";

const ALGORITHMS = ["ed25519", "secp256r1"];
export const ED_PRIME = 2n ** 255n - 19n;
const ED_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
export const P256_PRIME = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The y of the eight points of small order: of two points each, but for 1 and -1. */
export const SMALL_ORDER = [
  1n,
  ED_PRIME - 1n,
  0n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
];

/** A public key of an algorithm by its number, refused if it cannot be one. */
export function readKey(algorithm, bytes) {
  demand(algorithm === 0 ? isEdPoint(bytes) : p256KeyFits(bytes), "invalid_key");
  return { algorithm, bytes };
}

/** Whether these bytes are a canonical encoding, and not that of a point of small order; not whether there is such a point. */
function isEdPoint(bytes) {
  if (bytes.length !== 32) return false;
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  return y < ED_PRIME && !SMALL_ORDER.includes(y);
}

const p256KeyFits = (bytes) =>
  bytes.length === 33 && (bytes[0] === 2 || bytes[0] === 3) && bigEndian(bytes.subarray(1)) < P256_PRIME;

/** Whether a signature of Ed25519 keeps the strict rules, all but its equation. */
export function isStrict(signature) {
  demand(signature.length === 64, "malformed_signature");
  return littleEndian(signature.subarray(32)) < ED_ORDER && isEdPoint(signature.subarray(0, 32));
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

/** What identifies a signature: for ECDSA, of both good ones, that with the smaller s. */
export function revocationKey(key, signature) {
  if (key.algorithm === 0) return signature;
  const { r, s } = readDer(signature);
  return writeDer({ r, s: s * 2n > P256_ORDER ? P256_ORDER - s : s });
}

/** The numbers of an ECDSA signature. Strict: these bytes must be what the numbers are written as. */
export function readDer(bytes) {
  const integer = (at) => bytes.subarray(at + 2, at + 2 + bytes[at + 1]);
  const rBytes = integer(2);
  const r = bigEndian(rBytes);
  const s = bigEndian(integer(4 + rBytes.length));
  const inRange = [r, s].every((n) => n > 0n && n < P256_ORDER);
  demand(inRange && same(writeDer({ r, s }), bytes), "malformed_signature");
  return { r, s };
}

export function writeDer({ r, s }) {
  const integer = (number) => {
    const digits = number.toString(16);
    const bytes = unhex((digits.length % 2 ? "0" : "") + digits);
    const value = bytes[0] & 0x80 ? concat([0], bytes) : bytes;
    return concat([2, value.length], value);
  };
  const body = concat(integer(r), integer(s));
  return concat([0x30, body.length], body);
}

/** The same as 64 bytes, r and s of 32 each. */
export const readCompact = (bytes) => ({ r: bigEndian(bytes.subarray(0, 32)), s: bigEndian(bytes.subarray(32)) });
export const writeCompact = ({ r, s }) => unhex([r, s].map((n) => n.toString(16).padStart(64, "0")).join(""));
