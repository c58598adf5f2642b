// Answers cases of the vectors' kinds, as long as they come: one line of JSON with a kind and a case's inputs on
// standard input, for each a line with what comes out on standard output.
import { createInterface } from "node:readline";
import { Refusal } from "./token/bytes.mjs";
import { KINDS } from "./kinds.mjs";

/** What of a result is no input; steps and calls have results of their own. */
const resultOf = ({ expect, counters }) => ({ expect, counters });

function answer({ kind, ...inputs }) {
  try {
    const { calls, steps, ...whole } = KINDS[kind]({ expect: {}, ...inputs });
    const several = calls ?? (inputs.steps && steps);
    return several ? several.map(resultOf) : resultOf(whole);
  } catch (error) {
    // Such as a verifier whose lists are refused; anything but a refusal is a fault of this implementation.
    return error instanceof Refusal ? { code: error.code } : { fault: String(error.stack) };
  }
}

// Whoever asks may have seen enough.
process.stdout.on("error", () => process.exit());
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
