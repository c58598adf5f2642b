// What the console's pages read and say, without a browser: shown text, words, asks, differences, files.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { alike, allAlike, difference, differences } from "../../../main/resources/dev/taper/server/console/alike.mjs";
import { readAsk } from "../../../main/resources/dev/taper/server/console/token/ask.mjs";
import { base64url, unhex } from "../../../main/resources/dev/taper/server/console/token/bytes.mjs";
import { readToken } from "../../../main/resources/dev/taper/server/console/token/chain.mjs";
import { readDelegation } from "../../../main/resources/dev/taper/server/console/token/profile.mjs";
import { columns, shown } from "../../../main/resources/dev/taper/server/console/token/shown.mjs";
import { array, bytes, date, equal, integer, print, set, string } from "../../../main/resources/dev/taper/server/console/token/term.mjs";
import { readWords } from "../../../main/resources/dev/taper/server/console/token/words.mjs";
import { handOn, requestFor } from "./mint.mjs";
import { deletion, odd, parties, tokenOf } from "./world.mjs";

const ROOT = new URL("../../../../../", import.meta.url);
const CONSOLE = new URL("server/src/main/resources/dev/taper/server/console/", ROOT);
const VECTORS = new URL("testvectors/src/main/resources/dev/taper/testvectors/profile/", ROOT);
const casesOf = (file) => JSON.parse(readFileSync(new URL(`${file}.json`, VECTORS), "utf8")).cases;

test("text is shown as the engine shows it, by the engine's own cases", () => {
  const source = readFileSync(new URL("engine/src/test/java/dev/taper/ShownTextTest.java", ROOT), "utf8");
  const [, table] = /value = \{([^}]*(?:\}"[^}]*|\\\\u\{[^}]*\}[^}]*)*)\n {6}\}\)/.exec(source);
  const cases = [...table.matchAll(/^\s*("(?:[^"\\]|\\.)*"),?$/gm)].map(([, text]) => JSON.parse(text).split(","));
  assert.equal(cases.length, 10);
  for (const [text, expected] of cases) assert.equal(shown(text, 100), expected);
  const long = "x".repeat(2000);
  assert.equal(shown(long, 2000), long);
  assert.match(shown(`${long}y`, 2000), /^x{2000}… \(2001 characters, SHA-256 [0-9a-f]{32}\)$/);
  assert.notEqual(shown(`${long}y`, 2000), shown(`${long}z`, 2000));
});

test("text is shown as the engine shows it, whatever it is", { skip: !process.env.SHOWN_CASES }, () => {
  const cases = JSON.parse(readFileSync(process.env.SHOWN_CASES, "utf8"));
  assert.ok(cases.length > 500);
  for (const { text, most, shown: expected, columns: wide } of cases) {
    assert.equal(shown(text, most), expected, JSON.stringify(text));
    assert.equal(columns(expected), wide);
  }
});

test("every block of every vector has words, or is unknown", () => {
  const codes = new Set();
  let [known, unknown] = [0, 0];
  for (const file of readdirSync(VECTORS).filter((name) => /^(decisions|offers|tokens)/.test(name))) {
    for (const vector of casesOf(file.replace(".json", ""))) {
      for (const { token } of vector.calls ?? [vector]) {
        let delegation;
        try {
          delegation = readDelegation(readToken(unhex(token)));
        } catch (error) {
          codes.add(error.code);
          continue; // what is refused has no words
        }
        for (const block of delegation.blocks) {
          const said = readWords(block);
          for (const words of [...said.grants.flat().flatMap((grant) => grant.words), ...said.conditions.map((each) => each.words), ...said.budgets]) {
            assert.doesNotMatch(words, /undefined|NaN|\[object/, vector.name);
          }
          if (said.unknown.length > 0) unknown++;
          else known++;
        }
      }
    }
  }
  assert.ok(known > 300 && unknown > 50, `${known} blocks with words, ${unknown} that are unknown`);
  assert.ok(codes.has("profile_violation"));
});

test("of a long string that a check uses very often only the beginning is told", () => {
  const value = (term) => ({ type: "value", term });
  const variable = { type: "variable", value: "x" };
  const long = array(Array(5_000).fill(string("x".repeat(30_000))));
  const query = {
    body: [{ name: "arg", terms: [string("q"), variable] }],
    expressions: [{ type: "binary", operator: ".contains", left: value(long), right: value(variable) }],
    scopes: [],
  };
  const checks = [{ kind: "check if", queries: [query] }];
  const facts = [{ name: "f", terms: [long] }];
  const said = readWords({ datalog: { facts, rules: [], checks, scopes: [] }, budgets: [], index: 1 });
  assert.deepEqual(said.grants, []);
  assert.match(said.unknown[0], /^check if arg\("q", \$x\), \["x{4000,}…$/);
  assert.match(said.unknown[1], /^f\(\["x{4000,}…$/);
  assert.deepEqual(said.unknown.map(({ length }) => length), [4096, 4096]);
  assert.ok(equal(long, array([...long.value])) && !equal(long, array(long.value.slice(1))));
});

test("a check that asks for the store of a budget and for more is unknown", () => {
  const predicate = (name, text) => ({ name, terms: [string(text)] });
  const said = (...bodies) => {
    const queries = bodies.map((body) => ({ body, expressions: [], scopes: [] }));
    const checks = [{ kind: "check if", queries }];
    return readWords({ datalog: { facts: [], rules: [], checks, scopes: [] }, budgets: [], index: 1 }).unknown;
  };
  const [store, other] = [predicate("budget_store", "acme"), predicate("other", "x")];
  assert.deepEqual(said([store]), []);
  assert.deepEqual(said([store, other]), ['check if budget_store("acme"), other("x")']);
  assert.deepEqual(said([store], [other]), ['check if budget_store("acme") or other("x")']);
});

test("terms are in the engine's order, and written as there, however late a date is", () => {
  const [two, ten] = [array([integer(2)]), array([integer(10)])];
  assert.equal(print(set([ten, two, array([]), two])), "{[], [2], [10]}");
  assert.equal(print(set([bytes(new Uint8Array([1])), bytes(new Uint8Array([0, 0]))])), "{hex:0000, hex:01}");
  assert.equal(print(date(253_402_300_799n)), "9999-12-31T23:59:59Z");
  assert.equal(print(date(2n ** 64n - 1n)), "<date 18446744073709551615>");
  assert.ok(equal(date(2n ** 64n - 1n), date(2n ** 64n - 1n)) && !equal(date(5), integer(5)));
});

const trusting = ({ root, planner }) => ({ trusted: { "issuer:acme": root.text }, names: { "agent:planner": [planner.key.text] } });

test("an ask says who asks what, and what a yes would do", async () => {
  const all = parties();
  const ask = await readAsk(requestFor(tokenOf(all), { call: deletion(12) }), trusting(all), Date.now());
  assert.deepEqual(ask.flaws, []);
  assert.equal(ask.delegator, "user:alice@acme.com");
  assert.equal(ask.holder.holder, "agent:planner");
  assert.equal(ask.holder.standing, "known");
  assert.equal(ask.root.name, "issuer:acme");
  assert.equal(ask.effect[0].effect, "waits");
  assert.deepEqual(ask.effect[0].needs[0].keys, [all.boss.text]);
  assert.deepEqual(ask.hops[0].grants[0][1].words, ["call jira.delete", "operation delete", "on jira:project/ACME/*", `once this key approved it: ${all.boss.text}`]);
});

test("what an issuer notes of renewals is known, where only it can stand", async () => {
  const all = parties();
  const renewable = ["renewable", ["string", "report"], ["date", 1_795_000_000], ["date", 1_795_028_800], ["integer", 3600]];
  const read = (token) => readAsk(requestFor(token, { call: deletion(1) }), trusting(all), Date.now());
  const ask = await read(tokenOf(all, { facts: [renewable] }));
  assert.deepEqual(ask.flaws, []);
  assert.ok(ask.hops[0].conditions.some(({ words }) => /^can be renewed by its issuer, until 2026-.*Z at the latest$/.test(words)));
  const codes = async (token) => (await read(token)).flaws.map(({ code }) => code);
  assert.deepEqual(await codes(tokenOf(all, { facts: [["renewable", ["string", "report"]]] })), ["unknown_content"]);
  assert.deepEqual(await codes(handOn(tokenOf(all), { holder: all.researcher, facts: [renewable] })), ["unknown_content"]);
});

test("what must not be approved says why", async () => {
  const all = parties();
  const asks = odd(all);
  const codes = async (text) => (await readAsk(text, trusting(all), Date.now())).flaws.map(({ code }) => code);
  assert.deepEqual(await codes(asks.unknown.request), ["unknown_content"]);
  assert.deepEqual(await codes(asks.otherKey.request), ["other_key"]);
  assert.deepEqual(await codes(asks.ended.request), ["expired"]);
  assert.deepEqual(await codes(asks.forged.request), ["invalid_signature"]);
  assert.deepEqual(await codes(asks.plain.request.replace(/"catalog":"[^"]*",/, "")), ["no_catalog"]);
  assert.deepEqual(await codes(asks.plain.request.replace('"format"', '"more":1,"format"')), ["malformed_approval_request"]);
  assert.deepEqual(await codes("no JSON"), ["malformed_approval_request"]);
  const held = asks.plain.request;
  const bearer = casesOf("tokens").find(({ expect }) => expect.ok?.mode === "bearer");
  assert.deepEqual(await codes(held.replace(/"token":"[^"]*"/, `"token":"${base64url(unhex(bearer.token))}"`)), ["malformed_approval_request"]);
  const raw = [[{ body: [["audience", ["string", "svc:mail"]]] }]];
  assert.deepEqual(await codes(requestFor(tokenOf(all, { raw }), { call: deletion(1) })), ["wrong_audience"]);
});

test("a changed byte of a token is noticed, wherever it is", async () => {
  const all = parties();
  const request = requestFor(tokenOf(all), { call: deletion(12) });
  const [, token] = /"token":"([^"]*)"/.exec(request);
  for (let at = 0; at < token.length - 8; at += 7) {
    const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    const { flaws, call } = await readAsk(request.replace(token, changed), trusting(all), Date.now());
    assert.ok(flaws.length > 0 && call === undefined, `character ${at}`);
  }
});

test("numbers are asked about as they are written", async () => {
  const all = parties();
  const { call } = await readAsk(odd(all).big.request, trusting(all), Date.now());
  assert.deepEqual(call.whole, [{ role: "other", name: '"n"', value: "9007199254740993", columns: 19 }]);
});

test("what a call touches stands first, by the service's catalog and no other", async () => {
  const all = parties();
  const call = deletion(12);
  call.args = { a_comment: "as agreed, ".repeat(60), amount: 250, to: "acc:1", urgent: true };
  const request = requestFor(tokenOf(all), { call });
  const asked = await readAsk(request, trusting(all), Date.now());
  const roles = { a_comment: { role: "text" }, amount: { role: "amount", unit: "EUR" }, to: { role: "touched" }, urgent: {} };
  const service = { audience: asked.audience, catalog: asked.catalog, tools: { [call.tool]: roles } };
  const order = async (services) => (await readAsk(request, { ...trusting(all), services }, Date.now())).call.whole.map(({ role, name }) => `${role} ${name}`);
  assert.deepEqual(await order([]), ['other "amount"', 'other "to"', 'other "urgent"', 'other "a_comment"']);
  assert.deepEqual(await order([service]), ['touched "to"', 'amount "amount"', 'other "urgent"', 'text "a_comment"']);
  assert.deepEqual(await order([{ ...service, catalog: "0".repeat(64) }]), await order([]));
});

test("asks that look alike are found, with their difference", async () => {
  const all = parties();
  const asks = odd(all);
  const read = async (name) => readAsk(asks[name].request, trusting(all), Date.now());
  const [small, large, plain, homoglyph, html] = await Promise.all(["limit50", "limit500", "plain", "homoglyph", "html"].map(read));
  assert.deepEqual(differences(small, large), [{ name: 'argument "limit"', here: "50", there: "500" }]);
  assert.deepEqual(differences(plain, homoglyph), [{ name: "resource", here: "jira:project/ACME/test", there: "jira:project/ACME/t\u0435st" }]);
  assert.deepEqual(difference("t\u0435st", "test"), { before: "t", here: "\u0435", there: "e", after: "st" });
  assert.equal(alike(small, [html, large])[0].other, large);
  assert.equal(alike(html, [plain]).length, 0);
  assert.deepEqual(allAlike([small, html, plain, large, homoglyph]), new Set([small, large, plain, homoglyph]));
});

test("asks as long as they can be are compared without reading each again for each other", async () => {
  const call = (i) => ({ tool: "mail.send", canonical: JSON.stringify({ args: { text: "\u00e9".repeat(2000) + i }, tool: "mail.send" }) });
  const asks = Array.from({ length: 60 }, (_, i) => ({ call: call(100 + i), holder: { holder: "agent:a", key: "k" }, delegator: "d", task: "t", audience: "s" }));
  let read = 0;
  const { normalize } = String.prototype;
  const { from } = Array;
  String.prototype.normalize = function (...form) {
    read += this.length;
    return normalize.apply(this, form);
  };
  Array.from = (items, ...more) => {
    read += typeof items === "string" ? items.length : 0;
    return from.call(Array, items, ...more);
  };
  try {
    const found = asks.map((each) => alike(each, asks));
    assert.ok(found.every((others) => others.length === 59 && others.every(({ distance }) => distance > 0 && distance <= 3)));
  } finally {
    String.prototype.normalize = normalize;
    Array.from = from;
  }
  const all = asks.reduce((sum, each) => sum + each.call.canonical.length, 0);
  assert.ok(read <= all, `${read} characters read of ${all}`);
});

test("where two texts differ is the same, by characters, as when each is looked at", () => {
  const slowly = (here, there) => {
    const [a, b] = [[...here], [...there]];
    let [start, end] = [0, 0];
    while (start < a.length && start < b.length && a[start] === b[start]) start++;
    while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
    const cut = (each) => each.slice(start, each.length - end).join("");
    return { before: a.slice(0, start).join(""), here: cut(a), there: cut(b), after: a.slice(a.length - end).join("") };
  };
  const letters = ["a", "b", "\u00e9", "\u{1f600}", "\u{1f601}", "\u{10600}"];
  let seed = 7;
  const next = (most) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % most;
  const word = () => Array.from({ length: next(7) }, () => letters[next(letters.length)]).join("");
  for (let i = 0; i < 3000; i++) {
    const [here, there] = [word(), word()];
    assert.deepEqual(difference(here, there), slowly(here, there), `${here} ${there}`);
  }
});

const filesIn = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name).slice(fileURLToPath(CONSOLE).length));

test("files.txt names all files, and nothing else", () => {
  const listed = readFileSync(new URL("files.txt", CONSOLE), "utf8").trim().split("\n");
  assert.deepEqual(listed, filesIn(fileURLToPath(CONSOLE)).filter((name) => name !== "files.txt" && !name.startsWith("people/")).sort());
  for (const name of listed) assert.match(name, /^(token\/)?[a-z0-9-]+\.(html|mjs|css|svg)$/);
});

test("what people get who signed in elsewhere stands in for listed files, and has all that pages take of these", () => {
  for (const name of readdirSync(new URL("people/", CONSOLE))) {
    const exported = (url) => [...readFileSync(url, "utf8").matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)].map(([, each]) => each).sort();
    assert.deepEqual(exported(new URL(`people/${name}`, CONSOLE)), exported(new URL(name, CONSOLE)), name);
  }
});

test("no page makes markup of text, or names another place", () => {
  for (const name of filesIn(fileURLToPath(CONSOLE))) {
    const text = readFileSync(new URL(name, CONSOLE), "utf8");
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function|DOMParser|srcdoc/, name);
    if (!name.endsWith(".svg")) assert.doesNotMatch(text, /https?:\/\//, name);
    if (name.endsWith(".html")) assert.doesNotMatch(text, / style=| on[a-z]+=|<script>|<style/, name);
  }
});
