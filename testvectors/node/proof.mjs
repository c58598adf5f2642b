// Proofs of possession (section 10).
import { bigEndian8, concat, demand, Refusal, same, sha256, unbase64url, utf8 } from "./token/bytes.mjs";
import { verify } from "./keys.mjs";
import { PARTS } from "./sent.mjs";

const MALFORMED = "malformed_holder_proof";
const BEFORE = 30_000n;
const AFTER = 60_000n;
const HEADER = 27;
const HINT = 4;

/** The parts that every form begins with. */
const COMMON = ["token", "audience", "approvals"];

/** The parts of a proof. */
export function readProof(text) {
  const bytes = unbase64url(text, MALFORMED);
  demand(bytes.length > HEADER && bytes[0] === 2 && bytes[1] in PARTS && bytes[2] <= 1, MALFORMED);
  const [, form, algorithm] = bytes;
  const end = HEADER + HINT * (COMMON.length + PARTS[form].length);
  const [hints, signature] = [bytes.subarray(HEADER, end), bytes.subarray(end)];
  const [least, most] = algorithm === 0 ? [64, 64] : [8, 72];
  demand(signature.length >= least && signature.length <= most, MALFORMED);
  const time = new DataView(bytes.buffer).getBigInt64(3);
  demand(time >= 0n, MALFORMED);
  return { form, algorithm, time, nonce: bytes.subarray(11, HEADER), hints, signature };
}

/** The digests of what a call covers; state is the signature of the token's last block. */
const digestsOf = (state, audience, request, approvals) =>
  [state, utf8(audience), approvals, ...request.parts].map(sha256);

/** What a proof signs. */
export const proofMessage = (proof, state, audience, request, approvals = new Uint8Array()) =>
  concat(
    ...[proof.form === 4 ? "\0TAPER\0OFFER\0" : "\0TAPER\0PROOF\0", [2, proof.form, proof.algorithm]],
    ...[bigEndian8(proof.time), proof.nonce, ...digestsOf(state, audience, request, approvals)],
  );

/** Whether the window of a proof that was made at this time is over. */
export const hasEnded = (time, now) => BigInt(now) > time + AFTER;

/** Refuses a proof that is not in time or not by this key over all of this. */
export function verifyProof(proof, key, state, audience, request, now, approvals = new Uint8Array()) {
  demand(BigInt(now) >= proof.time - BEFORE, "proof_not_yet_valid");
  demand(!hasEnded(proof.time, now), "proof_expired");
  const form = request.sent?.form ?? request.form ?? 1;
  if (proof.form !== form) throw mismatch("form");
  digestsOf(state, audience, request, approvals).forEach((digest, i) => {
    const hint = proof.hints.subarray(i * HINT, (i + 1) * HINT);
    if (!same(hint, digest.subarray(0, HINT))) throw mismatch([...COMMON, ...PARTS[form]][i]);
  });
  demand(proof.algorithm === key.algorithm, "proof_mismatch");
  try {
    verify(key, proofMessage(proof, state, audience, request, approvals), proof.signature);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("proof_mismatch") : error;
  }
}

/** A refusal that names the part that differs. */
const mismatch = (part) => Object.assign(new Refusal(part === "token" ? "proof_mismatch" : "request_mismatch"), { part });
