// Proofs of possession (section 10).
import { bigEndian8, concat, demand, Refusal, sha256, unbase64url } from "./bytes.mjs";
import { verify } from "./keys.mjs";

const MALFORMED = "malformed_holder_proof";
const BEFORE = 30_000n;
const AFTER = 60_000n;

/** The parts of a proof. */
export function readProof(text) {
  const bytes = unbase64url(text, MALFORMED);
  demand(bytes.length > 26 && bytes[0] === 1 && bytes[1] <= 1, MALFORMED);
  const [algorithm, signature] = [bytes[1], bytes.subarray(26)];
  const [least, most] = algorithm === 0 ? [64, 64] : [8, 72];
  demand(signature.length >= least && signature.length <= most, MALFORMED);
  const time = new DataView(bytes.buffer).getBigInt64(2);
  demand(time >= 0n, MALFORMED);
  return { algorithm, time, nonce: bytes.subarray(10, 26), signature };
}

/** What a proof signs; state is the signature of the token's last block. */
export const proofMessage = ({ algorithm, time, nonce }, state, audience, request) =>
  concat(
    ...["\0TAPER\0PROOF\0", [1, algorithm], bigEndian8(time), nonce],
    ...[sha256(state), sha256(concat(audience)), request.digest],
  );

/** Refuses a proof that is not in time or not by this key over all of this. */
export function verifyProof(proof, key, state, audience, request, now) {
  demand(BigInt(now) >= proof.time - BEFORE, "proof_not_yet_valid");
  demand(BigInt(now) <= proof.time + AFTER, "proof_expired");
  demand(proof.algorithm === key.algorithm, "proof_mismatch");
  try {
    verify(key, proofMessage(proof, state, audience, request), proof.signature);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("proof_mismatch") : error;
  }
}
