// A token's envelope, with its signatures verified (sections 3, 4 and 12).
import { demand, Refusal, refuse } from "./token/bytes.mjs";
import { blockMessage, signaturesOf } from "./token/chain.mjs";
import { publicKey, sameKey, verify } from "./keys.mjs";

export * from "./token/chain.mjs";

/** Section 11, step 3, with the root keys that may have signed; gives the one that did. */
/** Section 11, step 3: the root key that signed block 0. */
export const verifyFirst = ({ blocks }, rootKeys) => verifyByOneOf(rootKeys, blocks[0]);

/** Section 11, step 4: all other signatures. */
export function verifyRest(token) {
  const { blocks, end } = token;
  for (const { key, message, signature } of signaturesOf(token)) verify(key, message, signature);
  if (end.mode === "bearer") verifySecret(end.nextSecret, blocks.at(-1).nextKey);
}

function verifyByOneOf(rootKeys, block) {
  let refusal = new Refusal("unknown_root_key");
  for (const key of rootKeys) {
    try {
      verify(key, blockMessage(block), block.signature);
      return key;
    } catch (error) {
      if (refusal.code !== "invalid_signature") refusal = error;
    }
  }
  throw refusal;
}

function verifySecret(secret, nextKey) {
  let key;
  try {
    key = publicKey(nextKey.algorithm, secret);
  } catch {
    refuse("invalid_proof");
  }
  demand(sameKey(key, nextKey), "invalid_proof");
}

/** Whether an approval is signed by the key that it names. */
export function verifyApproval({ by, message, signature }) {
  try {
    verify(by, message, signature);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("invalid_signature") : error;
  }
}
