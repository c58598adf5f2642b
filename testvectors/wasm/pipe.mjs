// Has the official implementation decide about sealed chains, as long as they come: one line of JSON for each on
// standard input, and one with what it decided on standard output. What a verifier states about a call is stated by the
// implementation in ../node.
import { createInterface } from "node:readline";
import { readDelegation } from "../node/token/profile.mjs";
import { readToken } from "../node/chain.mjs";
import { base64url, Refusal, unhex } from "../node/token/bytes.mjs";
import { printPredicate } from "../node/token/print.mjs";
import { readRequest } from "../node/token/request.mjs";
import { factsAbout } from "../node/verifier.mjs";
import * as official from "./official.mjs";

/** A token that is no delegation is read there all the same. */
function chainOf(bytes) {
  try {
    return readDelegation(readToken(bytes));
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

const statingOf = ({ audience, directory = {}, stores = [] }) => ({ audience, directory, budgets: { stores } });

function answer({ token, root, request, verifier, now }) {
  const bytes = unhex(token);
  let read;
  try {
    read = official.verify(base64url(bytes), root);
  } catch (error) {
    if (error instanceof Error) throw error;
    return { refused: true };
  }
  const chain = chainOf(bytes);
  if (chain === undefined) return { refused: false };
  const facts = [...readRequest(request).facts, ...factsAbout(statingOf(verifier), chain, now)].map(printPredicate);
  try {
    const { allowed, failed } = official.decide(read, [...facts, verifier.policies ?? "allow if true"].join(";\n") + ";");
    return { refused: false, allowed, failed: [...new Set(failed.map((check) => parseInt(check)))] };
  } catch (error) {
    if (error instanceof Error) throw error;
    return { refused: false, allowed: false, error: true };
  }
}

function guarded(line) {
  try {
    return answer(JSON.parse(line));
  } catch (error) {
    return { fault: String(error.stack ?? error) };
  }
}

// Whoever asks may have seen enough.
process.stdout.on("error", () => process.exit());
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(guarded(line))}\n`);
}
