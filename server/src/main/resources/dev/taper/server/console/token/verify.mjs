// Signatures, verified and made by WebCrypto (sections 2, 4 and 12).
import { bigEndian, concat, demand, hex, Refusal, refuse } from "./bytes.mjs";
import { blockMessage, signaturesOf } from "./chain.mjs";
import { isStrict, P256_PRIME, readCompact, readDer, readKey, writeCompact, writeDer } from "./keys.mjs";

const { subtle } = globalThis.crypto;

const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const [ED, P256, SHA] = ["Ed25519", "P-256", "SHA-256"];
export const CURVES = [ED, P256];
const ECDSA = { name: "ECDSA", hash: SHA };
const parameters = (algorithm) => (algorithm === 0 ? { name: ED } : { name: "ECDSA", namedCurve: P256 });

/** Refuses a signature that is none, or not of this message by this key. */
export async function verify(key, message, signature) {
  demand(await isGood(key, message, signature), "invalid_signature");
}

async function isGood(key, message, signature) {
  if (key.algorithm === 1) {
    const compact = writeCompact(readDer(signature));
    const point = uncompressed(key.bytes);
    return point !== undefined && (await isBy(1, ECDSA, point, compact, message));
  }
  return isStrict(signature) && isBy(0, { name: ED }, key.bytes, signature, message);
}

async function isBy(algorithm, how, raw, signature, message) {
  let key;
  try {
    key = await subtle.importKey("raw", raw, parameters(algorithm), false, ["verify"]);
  } catch (error) {
    if (error.name === "NotSupportedError") throw error;
    return false; // no point of the curve: it verifies nothing
  }
  return subtle.verify(how, key, signature, message);
}

/** The point with both of its coordinates, which is what all browsers read; undefined if there is none. */
function uncompressed(bytes) {
  const x = bigEndian(bytes.subarray(1));
  const square = (x ** 3n - 3n * x + P256_B) % P256_PRIME;
  const root = power(square, (P256_PRIME + 1n) / 4n);
  if ((root * root) % P256_PRIME !== (square + P256_PRIME) % P256_PRIME) return undefined;
  const y = (root & 1n) === BigInt(bytes[0] & 1) ? root : P256_PRIME - root;
  return concat([4], writeCompact({ r: x, s: y }));
}

function power(base, exponent) {
  let [result, square] = [1n, ((base % P256_PRIME) + P256_PRIME) % P256_PRIME];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P256_PRIME;
    square = (square * square) % P256_PRIME;
  }
  return result;
}

/**
 * Section 11, step 3, with the root keys that may have signed; gives the one that did. A bearer's token, which needs no
 * signature, is for nobody here.
 */
export async function verifyChain(token, rootKeys) {
  demand(token.end.mode !== "bearer", "bearer_not_accepted");
  const root = await verifyByOneOf(rootKeys, token.blocks[0]);
  for (const { key, message, signature } of signaturesOf(token)) await verify(key, message, signature);
  return root;
}

async function verifyByOneOf(rootKeys, block) {
  let refusal = new Refusal("unknown_root_key");
  for (const key of rootKeys) {
    try {
      await verify(key, blockMessage(block), block.signature);
      return key;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (refusal.code !== "invalid_signature") refusal = error;
    }
  }
  throw refusal;
}

/** A new pair of which nobody, this page included, can read the secret; with its public key as tokens have it. */
export async function generate(algorithm) {
  const pair = await subtle.generateKey(parameters(algorithm), false, ["sign", "verify"]);
  return { ...pair, key: await publicOf(pair.publicKey, algorithm) };
}

/** A browser's public key as tokens have it. */
export async function publicOf(publicKey, algorithm) {
  const raw = new Uint8Array(await subtle.exportKey("raw", publicKey));
  return readKey(algorithm, algorithm === 0 ? raw : concat([2 + (raw.at(-1) & 1)], raw.subarray(1, 33)));
}

/** A signature as tokens have it. */
export async function sign(algorithm, privateKey, message) {
  const signature = new Uint8Array(await subtle.sign(algorithm === 0 ? { name: ED } : ECDSA, privateKey, message));
  return algorithm === 0 ? signature : writeDer(readCompact(signature));
}

/** Random bytes in hexadecimal. */
export const randomHex = (bytes) => hex(globalThis.crypto.getRandomValues(new Uint8Array(bytes)));

/** Whether this browser can do all of this; gives the algorithms of keys that it can make. */
export async function algorithms() {
  if (!subtle) refuse("no_crypto");
  const can = await Promise.all([0, 1].map((algorithm) => generate(algorithm).then(() => true, () => false)));
  return [0, 1].filter((algorithm) => can[algorithm]);
}
