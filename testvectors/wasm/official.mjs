// The official implementation, as the checks use it.
import { biscuit } from "./biscuit.mjs";

const { AuthorizerBuilder, Biscuit, PrivateKey, PublicKey, SignatureAlgorithm } = biscuit;
const ALGORITHMS = {
  ed25519: SignatureAlgorithm.Ed25519,
  secp256r1: SignatureAlgorithm.Secp256r1,
};
const LIMITS = { max_facts: 1000, max_iterations: 100, max_time_micro: 2_000_000 };

/** A public key from its text, such as ed25519/… */
export function publicKey(text) {
  const [algorithm, hex] = text.split("/");
  return PublicKey.fromString(hex, ALGORITHMS[algorithm]);
}

/** Reads and verifies a token. */
export const verify = (token, rootKey) => Biscuit.fromBase64(token, publicKey(rootKey));

/** The authority block as Datalog, signed. */
export function mint(code, privateKey) {
  const builder = Biscuit.builder();
  builder.addCode(code);
  return builder.build(PrivateKey.fromString(privateKey));
}

/** A block from its Datalog. */
export function block(code) {
  const builder = Biscuit.block_builder();
  builder.addCode(code);
  return builder;
}

/** A token with one more block. */
export const attenuate = (token, code) => token.appendBlock(block(code));

/** A token with a block that a third party signed. */
export function thirdParty(token, code, privateKey, publicText) {
  const key = PrivateKey.fromString(privateKey);
  const signed = token.getThirdPartyRequest().createBlock(key, block(code));
  return token.appendThirdPartyBlock(publicKey(publicText), signed);
}

/** What the official implementation decides about a token and an authorizer's Datalog. */
export function decide(token, code) {
  // A part of its work ends after a few milliseconds whatever the limits say, so on a loaded machine
  // it sometimes decides nothing, and is asked again.
  for (let tries = 1; ; tries++) {
    try {
      return decideOnce(token, code);
    } catch (error) {
      if (error.RunLimit !== "Timeout" || tries === 100) throw error;
    }
  }
}

function decideOnce(token, code) {
  const builder = new AuthorizerBuilder();
  builder.addCode(code);
  const authorizer = builder.buildAuthenticated(token);
  try {
    return { allowed: true, policy: `allow ${authorizer.authorizeWithLimits(LIMITS)}`, failed: [] };
  } catch (error) {
    const logic = error.FailedLogic;
    if (!logic) throw error;
    const { policy, checks } = logic.Unauthorized ?? logic.NoMatchingPolicy;
    const matched = policy ? Object.entries(policy)[0] : null;
    return {
      allowed: false,
      policy: matched ? `${matched[0].toLowerCase()} ${matched[1]}` : null,
      failed: checks.map(({ Block: b, Authorizer: a }) =>
        b ? `${b.block_id}: ${b.rule}` : `authorizer: ${a.rule}`,
      ),
    };
  }
}

/** The error with which something is refused, or null. */
export function refusal(action) {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof Error) throw error;
    return typeof error === "string" ? error : JSON.stringify(error);
  }
}
