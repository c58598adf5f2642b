// Taper on the command line, as the checks use it.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const inputs = process.env.INPUTS;

/** The text of a file among the inputs. */
export const read = (name) => readFileSync(join(inputs, name), "utf8").trim();

/** Writes a file among the inputs and returns its name. */
export function write(name, text) {
  writeFileSync(join(inputs, name), text);
  return name;
}

/** Runs a command and returns the JSON it prints, of a refusal as well. */
export function taper(...args) {
  const run = spawnSync(process.env.TAPER, [...args, "--json"], { cwd: inputs, encoding: "utf8" });
  if (run.error) throw run.error;
  for (const text of [run.stdout, run.stderr]) {
    if (text.trimStart().startsWith("{")) return JSON.parse(text);
  }
  throw new Error(`taper ${args.join(" ")} printed no JSON (exit ${run.status}): ${run.stderr}`);
}

/** What Taper decides about a token and an authorizer's Datalog, in the form of official.mjs. */
export function decide(file, rootKey, code) {
  const result = taper("authorize", file, "-p", rootKey, "--authorizer", code, "--time", "none");
  return {
    allowed: result.allowed,
    policy: result.policy ? `${result.policy.kind} ${result.policy.index}` : null,
    failed: result.failed_checks.map((c) => `${c.block ?? "authorizer"}: ${c.check}`),
  };
}

/** What Taper decides about a call with a delegation token: the same, with the hops that refuse. */
export function decideCall(file, rootKey, request, policy) {
  const call = write("call.json", JSON.stringify(request.call));
  const args = ["authorize", file, "-p", rootKey, "--request", call, "--audience", request.audience];
  args.push("--time", request.time, "--without-revocation", "--accept-sealed", "--accept-bearer");
  args.push("--policy", write("policy.datalog", policy));
  if (request.names) args.push("--names", request.names);
  const result = taper(...args);
  if (result.allowed === undefined) throw new Error(JSON.stringify(result));
  return {
    allowed: result.allowed,
    policy: result.policy ? `allow ${result.policy.index}` : null,
    failed: (result.reasons ?? []).map((f) => `${f.block ?? "authorizer"}: ${f.check}`),
  };
}
