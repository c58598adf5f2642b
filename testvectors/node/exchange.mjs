// Proofs of exchange, by docs/binding.md alone: what an agent signs, and what an issuer takes.
import { base64url, bigEndian8, concat, demand, Refusal, same, sha256, unbase64url, utf8 } from "./token/bytes.mjs";
import { keyText, publicKey, readKey, sign, verify } from "./keys.mjs";

const MALFORMED = "malformed_holder_proof";
const BEFORE = 30_000n;
const AFTER = 60_000n;
const HINT = 4;

const digestsOf = ({ issuer, token, details }) => [issuer, token, details].map((part) => sha256(utf8(part)));

const headOf = ({ key, time, nonce }) => concat([1, key.algorithm], key.bytes, bigEndian8(time), nonce);

const messageOf = (head, digests) => concat("\0TAPER\0EXCHANGE\0", head, ...digests);

/** A proof that somebody asks for an exchange, and what it signs. */
export function exchangeOf({ algorithm, secret }, asked, { time, nonce }) {
  const digests = digestsOf(asked);
  const head = headOf({ key: publicKey(algorithm, secret), time, nonce });
  const message = messageOf(head, digests);
  const hints = digests.map((digest) => digest.subarray(0, HINT));
  return { message, proof: base64url(concat(head, ...hints, sign(algorithm, secret, message))) };
}

/** The key of whoever proves it, at the issuer's time. */
export function readExchange(text, asked, now) {
  const bytes = unbase64url(text, MALFORMED);
  demand(bytes.length > 2 && bytes[0] === 1 && bytes[1] <= 1, MALFORMED);
  const algorithm = bytes[1];
  const keyEnd = 2 + (algorithm === 0 ? 32 : 33);
  const [headEnd, end] = [keyEnd + 24, keyEnd + 24 + 3 * HINT];
  const [least, most] = algorithm === 0 ? [64, 64] : [8, 72];
  demand(bytes.length >= end + least && bytes.length <= end + most, MALFORMED);
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(keyEnd);
  demand(time >= 0n, MALFORMED);
  const key = readKey(algorithm, bytes.subarray(2, keyEnd));
  demand(BigInt(now) >= time - BEFORE, "proof_not_yet_valid");
  demand(BigInt(now) <= time + AFTER, "proof_expired");
  const digests = digestsOf(asked);
  digests.forEach((digest, i) => {
    const hint = bytes.subarray(headEnd + i * HINT, headEnd + (i + 1) * HINT);
    demand(same(hint, digest.subarray(0, HINT)), "request_mismatch");
  });
  try {
    verify(key, messageOf(bytes.subarray(0, headEnd), digests), bytes.subarray(end));
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("proof_mismatch") : error;
  }
  return keyText(key);
}
