// Compares Taper with the official implementation; started by ./run, which makes the inputs.
import { isDeepStrictEqual } from "node:util";
import * as official from "./official.mjs";
import { JIRA, MADE, TAIL, TOOLS } from "./requests.mjs";
import { decide, decideCall, read, taper, write } from "./taper.mjs";

let passed = 0;
let failed = 0;

/** One comparison of any number of values, which all have to be the same. */
function same(title, values, summary = "") {
  const [[, first], ...others] = Object.entries(values);
  const ok = others.length > 0 && others.every(([, value]) => isDeepStrictEqual(value, first));
  ok ? passed++ : failed++;
  console.log(`${ok ? "ok    " : "FAILED"} ${title}${summary ? `: ${summary}` : ""}`);
  if (!ok) {
    for (const [name, value] of Object.entries(values)) {
      console.log(`         ${name}: ${JSON.stringify(value)}`);
    }
  }
}

const ARITY = {
  time: 1, audience: 1, tool: 1, operation: 1, resource: 1, arg: 2, arg_decimal: 2, arg_number: 2, arg_opaque: 1, arg_names: 1,
  arg_url: 5, arg_host_class: 2, arg_ip: 2, arg_each_host: 3, arg_path: 2, depth: 1, delegation: 3, invoker: 1, presented: 1,
  holder_verified: 1, justified: 2, justified_for: 1, approvers: 1, approved_by: 2, budget_store: 1,
};

/** The facts that a verifier adds to those of the call; without a proof, none about the invoker. */
function verifierFacts(chain, request) {
  const last = chain.holders.at(-1);
  return [
    `time(${request.time})`,
    `audience("${request.audience}")`,
    // Once for each holder after the first, and for each block of a bearer.
    `depth(${chain.holders.length - 1 + (chain.bearerBlocks ?? 0)})`,
    ...chain.holders.map(([name, key], i) => `delegation(${i}, "${name}", "${key}")`),
    `presented("${chain.presented}")`,
    ...(request.names ? [`holder_verified("${last[0]}")`] : []),
  ];
}

/** A policy that allows only if a verifier states these facts and no other ones. */
function exactly(facts) {
  const terms = Object.fromEntries(Object.keys(ARITY).map((name) => [name, []]));
  for (const fact of facts) {
    const [, name, args] = /^([a-z_]+)\((.*)\)$/s.exec(fact);
    // At the commas outside of arrays and sets.
    terms[name].push(args.split(/, (?![^[{]*[\]}])/));
  }
  const lines = facts.map((fact) => `check if ${fact};`);
  for (const [name, tuples] of Object.entries(terms)) {
    const variables = Array.from({ length: ARITY[name] }, (_, i) => `$v${i}`);
    const known = tuples.map((t) => variables.map((v, i) => `${v} == ${t[i]}`).join(" && "));
    const other = known.length > 0 ? `, !(${known.map((k) => `(${k})`).join(" || ")})` : "";
    lines.push(`reject if ${name}(${variables.join(", ")})${other};`);
  }
  return [...lines, "allow if true;"].join("\n");
}

/** Has both decide all requests with one token that Taper or both made. */
function requests(chain, list) {
  const token = official.verify(read(chain.file), read(chain.root));
  for (const request of list) {
    const facts = [...request.facts, ...verifierFacts(chain, request)];
    const ours = decideCall(chain.file, chain.root, request, exactly(facts));
    let theirs = official.decide(token, `${facts.join(";\n")};\nallow if true;`);
    if (request.ended) {
      // What block 0 says against every call, Taper says before the other signatures are looked at.
      theirs = { ...theirs, policy: null, failed: theirs.failed.filter((check) => check.startsWith("0: ")) };
    }
    const title = `${chain.title}, ${request.title}`;
    const wrong = ours.failed.filter((check) => check.startsWith("authorizer"));
    same(`${title}: facts`, { expected: [], wrong }, `these ${facts.length} and no others`);
    const blocks = (result) => [...new Set(result.failed.map((check) => parseInt(check)))];
    const hops = request.refusedBy;
    same(
      title,
      {
        expected: [hops.length === 0, hops],
        taper: [ours.allowed, blocks(ours)],
        official: [theirs.allowed, blocks(theirs)],
      },
      hops.length === 0 ? "allowed" : `refused by block ${hops.join(", ")}`,
    );
    same(`${title}: policy and failed checks`, { taper: plain(ours), official: plain(theirs) });
  }
}

/**
 * Datalog as both print it: the official implementation prints the elements of a set in the order of
 * their symbols, and backslashes in strings as they are.
 */
function plain(printed) {
  if (typeof printed !== "string") {
    return { ...printed, failed: printed.failed.map(plain) };
  }
  return printed
    .replaceAll("\\\\", "\\")
    .replace(/\{([^{}]*)\}/g, (_, elements) => `{${elements.split(", ").sort().join(", ")}}`);
}

/** Both read the same blocks and revocation ids in a token. */
function reading(title, file, root) {
  const seen = taper("inspect", file, "-p", root);
  const token = official.verify(read(file), read(root));
  const count = token.countBlocks();
  same(`${title}: blocks`, {
    taper: seen.blocks.map((b) => plain(b.code)),
    official: Array.from({ length: count }, (_, i) => plain(token.getBlockSource(i))),
  }, `${count}`);
  same(`${title}: revocation ids`, {
    taper: seen.blocks.map((b) => b.revocation_id),
    official: token.getRevocationIdentifiers(),
  });
  same(`${title}: signatures`, { expected: true, taper: seen.verified }, "verified by both");
  return token;
}

/** Both refuse a token when they verify it. */
function refused(title, file, root) {
  const seen = taper("inspect", file, "-p", root);
  const error = official.refusal(() => official.verify(read(file), read(root)));
  same(
    title,
    { expected: "refused", taper: seen.error ? "refused" : seen, official: error ? "refused" : "read" },
    `refused, ${seen.error?.code} and ${error}`,
  );
}

const holder = (name) => [`agent:${name}`, read(`${name}.pub`)];

// Chains that Taper made, sealed by their last holders.
const jira = {
  title: "sealed chain",
  file: "jira-sealed",
  root: "jira-root.pub",
  presented: "sealed",
  holders: ["planner", "researcher", "scraper", "reader"].map(holder),
};
const tools = {
  title: "sealed chain under P-256",
  file: "tools-sealed",
  root: "tools-root.pub",
  presented: "sealed",
  holders: ["planner", "scraper", "researcher"].map(holder),
};
for (const [chain, list] of [[jira, JIRA], [tools, TOOLS]]) {
  const token = reading(chain.title, chain.file, chain.root);
  const end = official.refusal(() => official.attenuate(token, "check if true;"));
  same(`${chain.title}: appending`, { expected: "AlreadySealed", official: end }, `refused, ${end}`);
  requests(chain, list);
}

/** What the official implementation decides of a call, of whose verifier it is told this. */
function decided(title, token, tool, facts, blocks) {
  const { allowed, failed } = official.decide(token, `tool("${tool}"); time(2031-06-01T10:00:00Z); ${facts} allow if true;`);
  same(
    `${title}, ${tool}, ${facts ? `where it is stated: ${facts}` : "where nothing else is stated"}`,
    { expected: [blocks.length === 0, blocks], official: [allowed, failed.map((check) => parseInt(check))] },
    allowed ? "allowed" : "refused",
  );
}

// Who knows nothing of budgets reads a token with one, and refuses its calls: nobody states the store.
const bounded = reading("chain with a budget", "budget-sealed", "jira-root.pub");
for (const [stores, blocks] of [["", [0]], ['budget_store("other");', [0]], ['budget_store("acme");', []]]) {
  decided("chain with a budget", bounded, "jira.search", stores, blocks);
}

// Nor does it know approvals and justifications: it refuses what waits for them, and allows what does not.
const waiting = reading("chain with grants that wait", "waiting-sealed", "jira-root.pub");
const [one, two] = [read("scraper.pub"), read("reader.pub")];
for (const [tool, facts, blocks] of [
  ["jira.search", "", []],
  ["jira.delete", "", [0]],
  ["jira.delete", `approvers({"${one}"});`, [0]],
  ["jira.delete", `approvers({"${one}", "${two}"});`, []],
  ["jira.close", "", [0]],
  ["jira.close", 'approved_by("leads", {"ann"});', [0]],
  ["jira.close", 'approved_by("others", {"ann", "bob"});', [0]],
  ["jira.close", 'approved_by("leads", {"ann", "bob"});', []],
  ["jira.move", "", [0]],
  ["jira.move", "justified_for(901);", [0]],
  ["jira.move", "justified_for(900);", []],
]) {
  decided("chain with grants that wait", waiting, tool, facts, blocks);
}

// Forgeries.
const bytes = Buffer.from(read("jira-sealed"), "base64url");
for (const place of [40, bytes.length >> 1, bytes.length - 1]) {
  const forged = Buffer.from(bytes);
  forged[place] ^= 1;
  write("forged", forged.toString("base64url"));
  refused(`sealed chain, a bit of byte ${place} changed`, "forged", "jira-root.pub");
}
refused("sealed chain, another root key", "jira-sealed", "planner.pub");
refused("sealed chain, a root key of another algorithm", "jira-sealed", "tools-root.pub");

// The held form is for Taper alone: a key that nobody has to prove would be no holder's key.
for (const [file, root] of [["jira", "jira-root.pub"], ["tools", "tools-root.pub"]]) {
  const error = official.refusal(() => official.verify(read(file), read(root)));
  const ours = taper("inspect", file, "-p", root);
  same(
    `held chain ${file}`,
    { expected: ["held", "refused"], found: [ours.verified && ours.kind, error ? "refused" : "read"] },
    `verified by Taper, refused by the official implementation, ${error}`,
  );
}

// A bearer tail that Taper made, narrowed and sealed by the official implementation.
const tail = official.attenuate(
  official.verify(read("jira-bearer"), read("jira-root.pub")),
  'check if resource("jira:project/ACME/Q3/12") or resource("jira:project/ACME/Q4/1");',
);
write("jira-tail", tail.toBase64());
write("jira-tail-sealed", tail.sealToken().toBase64());
for (const presented of ["bearer", "sealed"]) {
  const chain = {
    title: `bearer tail narrowed there${presented === "sealed" ? " and sealed" : ""}`,
    file: presented === "sealed" ? "jira-tail-sealed" : "jira-tail",
    root: "jira-root.pub",
    presented,
    bearerBlocks: 2,
    holders: ["planner", "researcher", "scraper"].map(holder),
  };
  reading(chain.title, chain.file, chain.root);
  requests(chain, TAIL);
}

// Tokens that the official implementation made and attenuated.
for (const algorithm of ["ed25519", "secp256r1"]) {
  const root = `official-${algorithm}`;
  let token = official.mint(MADE.authority, read(`${root}.key`));
  for (const code of MADE.blocks) {
    token = official.attenuate(token, code);
  }
  token = official.thirdParty(token, MADE.thirdParty, read("scraper.key"), read("scraper.pub"));
  const forms = { attenuable: token, sealed: token.sealToken() };
  for (const [form, made] of Object.entries(forms)) {
    const title = `made there (${algorithm}, ${form})`;
    const file = write(`${root}-${form}`, made.toBase64());
    const again = reading(title, file, `${root}.pub`);
    for (const [name, expected, code] of MADE.decisions) {
      const text = code.replaceAll("{scraper}", read("scraper.pub"));
      const ours = decide(file, `${root}.pub`, text);
      const verdict = { allowed: ours.allowed, policy: ours.policy, failed: ours.failed.length };
      same(`${title}, ${name}`, { expected, taper: verdict }, JSON.stringify(verdict));
      same(`${title}, ${name}: policy and failed checks`, {
        taper: plain(ours),
        official: plain(official.decide(again, text)),
      });
    }
  }
}

// Its interface cannot set a block's context, so a chain that begins there is no delegation.
write("claimed", official.mint(MADE.claim, read("jira-root.key")).toBase64());
write("call.json", '{"tool": "jira.search"}');
const claimed = taper("authorize", "claimed", "-p", "jira-root.pub", "--request", "call.json",
  "--audience", "svc:jira", "--without-revocation", "--accept-bearer");
same("profile's facts without its context", { expected: "not_a_delegation", taper: claimed.error?.code },
  "refused as a delegation token");

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
