// Times the official implementation compiled to WebAssembly; started by the benchmarks' runner.
// Arguments: root key (hex), token and authorizer (base64url), the policy that must allow, warm-up
// iterations, iterations, their length in milliseconds. Prints microseconds per operation, a sample
// for every iteration, as a JSON array.
import { biscuit } from "../testvectors/wasm/biscuit.mjs";

const { AuthorizerBuilder, Biscuit, PublicKey, SignatureAlgorithm } = biscuit;
const LIMITS = { max_facts: 1000, max_iterations: 100, max_time_micro: 2_000_000 };

const [root, token, authorizer, policy, warmUps, iterations, millis] = process.argv.slice(2);
const rootKey = PublicKey.fromString(root, SignatureAlgorithm.Ed25519);
const bytes = new Uint8Array(Buffer.from(token, "base64url"));
const expected = Number(policy);

// Its text is read once; what is built of it is used up by an authorizer, so each gets a copy.
const prepared = new AuthorizerBuilder();
prepared.addCode(Buffer.from(authorizer, "base64url").toString());

/** A part of its work ends after a few milliseconds whatever the limits say; it is asked again. */
function authorize() {
  for (let tries = 1; ; tries++) {
    try {
      return authorizeOnce();
    } catch (error) {
      if (error.RunLimit !== "Timeout" || tries === 100) throw error;
    }
  }
}

function authorizeOnce() {
  const verified = Biscuit.fromBytes(bytes, rootKey);
  const builder = new AuthorizerBuilder();
  builder.merge(prepared);
  const one = builder.buildAuthenticated(verified);
  const matched = one.authorizeWithLimits(LIMITS);
  // Its memory is not collected by itself.
  one.free();
  verified.free();
  if (matched !== expected) {
    throw new Error(`policy ${matched} matched`);
  }
}

function iteration() {
  const start = performance.now();
  let now = start;
  let count = 0;
  while (now - start < Number(millis)) {
    for (let i = 0; i < 10; i++) {
      authorize();
    }
    count += 10;
    now = performance.now();
  }
  return ((now - start) * 1000) / count;
}

for (let i = 0; i < Number(warmUps); i++) {
  iteration();
}
console.log(JSON.stringify(Array.from({ length: Number(iterations) }, iteration)));
