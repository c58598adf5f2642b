// What a holder makes: proofs, by the key whose it is (section 10).
import { readApprovals } from "./token/beside.mjs";
import { readToken, tokenBytes } from "./chain.mjs";
import { base64url, bigEndian8, concat, sha256, utf8 } from "./token/bytes.mjs";
import { sign } from "./keys.mjs";
import { proofMessage } from "./proof.mjs";

const HINT = 4;

/**
 * A proof for one call, and what it signs. The holder has a token's text, an algorithm's number and a secret, and knows the
 * audience; time is in milliseconds, the nonce 16 bytes.
 */
export function makeProof(sent, { token, algorithm, secret, audience }, { approvals = [], time, nonce }) {
  const state = readToken(tokenBytes(token)).blocks.at(-1).signature;
  const beside = readApprovals(approvals).part;
  const header = { form: sent.form, algorithm, time, nonce };
  const message = proofMessage(header, state, audience, sent, beside);
  const hints = [state, utf8(audience), beside, ...sent.parts].map((part) => sha256(part).subarray(0, HINT));
  const head = concat([2, sent.form, algorithm], bigEndian8(time), nonce);
  return { message, proof: base64url(concat(head, ...hints, sign(algorithm, secret, message))) };
}
