// The console's pages in a real browser, with a stand-in for the Java side.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { axe, launch, overflow, themes, widths } from "../../../../../operations/src/test/node/browser.mjs";
import { readAsk } from "../../../main/resources/dev/taper/server/console/token/ask.mjs";
import { keyText } from "../../../main/resources/dev/taper/server/console/token/keys.mjs";
import { verify } from "../../../main/resources/dev/taper/server/console/token/verify.mjs";
import { requestFor } from "./mint.mjs";
import { standIn } from "./standin.mjs";
import { ask, deletion, many, odd, parties, tokenOf, twenty } from "./world.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const heading = (page, name) => page.getByRole("heading", { name });

/** A page of a console; its errors fail the test. */
async function open(console_, context = browser.context) {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/status of 4/.test(message.text()) && page.errors.push(message.text()));
  page.on("dialog", (dialog) => page.errors.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  await page.goto(console_.link());
  await page.locator("h1").first().waitFor();
  return page;
}

/** Makes a key, as an approver does; gives its text. */
async function makeKey(page, console_, algorithm = "Ed25519") {
  await page.evaluate(() => (location.hash = "#/key"));
  await page.getByLabel("Algorithm").selectOption(algorithm);
  await page.getByRole("button", { name: "Make a key" }).click();
  const key = (await page.locator(".card.main .fingerprint code").textContent()).trim();
  console_.state.approver = key;
  console_.state.parties.boss = { text: key };
  return key;
}

async function show(page, { ask: name }) {
  await page.evaluate((hash) => (location.hash = hash), `#/approvals/${name}`);
  await page.locator(`.queue a[href="#/approvals/${name}"][aria-current]`).waitFor();
  await page.locator("#approve").waitFor({ state: "attached" });
}

/** What the page shows may come a moment after what was clicked. */
async function areTexts(locator, expected) {
  await locator.nth(expected.length - 1).waitFor({ state: "attached" });
  assert.deepEqual(await locator.allTextContents(), expected);
}

async function withConsole(asks, action, options) {
  const all = parties();
  const console_ = await standIn(all, [], options);
  const pages = browser.context.pages().length;
  try {
    const page = await open(console_);
    await action(page, console_, all, async (make) => {
      console_.state.asks.push(...make(all));
      await page.evaluate(() => (location.hash = "#/approvals"));
      await page.reload();
      await page.locator(".queue li").first().waitFor();
    });
    assert.deepEqual(page.errors, []);
  } finally {
    for (const page of browser.context.pages().slice(pages)) await page.close();
    await console_.close();
  }
}

const trustOf = ({ root, planner }) => ({ trusted: { "issuer:acme": root.text }, names: { "agent:planner": [planner.key.text] } });

test("twenty asks are answered in one sitting, by keyboard alone", async () => {
  await withConsole([], async (page, { state }, all) => {
    const press = (key) => page.keyboard.press(key);
    await press("6");
    await heading(page, "Your key").waitFor();
    await page.getByRole("button", { name: "Make a key" }).focus();
    await press("Enter");
    const key = (await page.locator(".fingerprint code").textContent()).trim();
    all.boss = { text: key };
    state.approver = key;
    state.asks.push(...twenty(all));
    await page.locator("h1").focus();
    await press("1");
    for (let i = 0; i < 20; i++) {
      await heading(page, `jira.delete jira:project/ACME/${100 + i}`).waitFor();
      if (i % 5 === 4) {
        await press("r");
        await page.keyboard.type("not today");
        await press("Enter");
      } else {
        await press("a");
        assert.equal(await page.evaluate(() => document.activeElement.id), "approve");
        await press("Enter");
      }
      await page.locator("#said", { hasText: `${19 - i} open ask` }).waitFor();
    }
    await heading(page, "All is answered").waitFor();
    assert.equal(state.answered.length, 20);
    for (const [i, { approval, refusal }] of state.answered.entries()) {
      if (i % 5 === 4) {
        assert.equal(refusal, "not today");
        continue;
      }
      const asked = await readAsk(state.asks[i].request, trustOf(all), Date.now());
      await verify(approval.by, approval.message, approval.signature);
      assert.equal(keyText(approval.by), key);
      assert.deepEqual([approval.meaning, approval.state, approval.audiences, approval.uses], [asked.call.digest, asked.state, ["svc:jira"], 1]);
      assert.equal(approval.until - approval.from, 900);
    }
  });
});

test("a key is made here, cannot be read, and stays", async () => {
  await withConsole([], async (page, console_) => {
    for (const algorithm of ["Ed25519", "P-256"]) {
      await makeKey(page, console_, algorithm);
      if (algorithm === "P-256") await page.getByRole("button", { name: "Approve with this one" }).first().waitFor();
    }
    const exports = await page.evaluate(async () => {
      const { keys } = await import("/console/keystore.mjs");
      const refused = [];
      for (const { key, privateKey } of await keys()) {
        for (const format of ["pkcs8", "jwk"]) refused.push([key.split("/")[0], privateKey.extractable, await crypto.subtle.exportKey(format, privateKey).then(() => "exported", ({ name }) => name)]);
      }
      return refused;
    });
    assert.deepEqual(exports, ["ed25519", "ed25519", "secp256r1", "secp256r1"].map((name) => [name, false, "InvalidAccessError"]));
    await page.reload();
    await heading(page, "If it is lost").waitFor();
    await page.locator(".fingerprint").nth(1).waitFor();
    assert.equal(await page.locator(".fingerprint").count(), 2);
  });
});

test("the browser's own cryptography judges every vector as the specification says", async () => {
  const vectors = (file) => JSON.parse(readFileSync(new URL(`../../../../../testvectors/src/main/resources/dev/taper/testvectors/profile/${file}.json`, import.meta.url), "utf8")).cases;
  await withConsole([], async (page) => {
    const wrong = await page.evaluate(
      async ({ signatures, tokens }) => {
        const { unhex } = await import("/console/token/bytes.mjs");
        const { readToken, tokenBytes } = await import("/console/token/chain.mjs");
        const { algorithmNumber, parseKey, readKey } = await import("/console/token/keys.mjs");
        const { readDelegation } = await import("/console/token/profile.mjs");
        const { verify, verifyChain } = await import("/console/token/verify.mjs");
        const outcome = (action) => action().then(() => "good", ({ code, message }) => code ?? message);
        const differing = [];
        for (const { name, algorithm, public: key, message, signature, expect } of signatures) {
          const found = await outcome(async () => verify(readKey(algorithmNumber(algorithm), unhex(key)), unhex(message), unhex(signature)));
          if (found !== (expect.code ?? "good")) differing.push([name, found]);
        }
        for (const { name, token: encoded, text, roots, expect } of tokens) {
          const found = await outcome(async () => {
            const token = readToken(encoded === undefined ? tokenBytes(text) : unhex(encoded));
            await verifyChain(token, roots.map(parseKey));
            readDelegation(token);
          });
          if (found !== "bearer_not_accepted" && found !== (expect.code ?? "good")) differing.push([name, found]);
        }
        return differing;
      },
      { signatures: vectors("signatures"), tokens: ["tokens", "tokens-refused", "tokens-malformed"].flatMap(vectors) },
    );
    assert.deepEqual(wrong, []);
  });
});

test("what was said goes out of sight, and can still be heard", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    await add((each) => [ask("ask 12", requestFor(tokenOf(each), { call: deletion(12) }))]);
    const region = page.locator("#said");
    assert.deepEqual(await region.evaluate((said) => [said.getAttribute("role"), said.getAttribute("aria-live")]), ["status", "polite"]);
    await page.clock.install();
    await show(page, console_.state.asks[0]);
    await page.locator("#approve").click();
    await page.locator("#said", { hasText: "1 ask approved" }).waitFor();
    const opacity = () => region.evaluate((said) => getComputedStyle(said).opacity);
    assert.equal(await opacity(), "1");
    await page.clock.fastForward(7000);
    assert.equal(await opacity(), "1", "there is time to read it");
    await page.clock.fastForward(2000);
    await page.waitForFunction(() => getComputedStyle(document.querySelector("#said")).opacity === "0");
    assert.match(await region.textContent(), /1 ask approved/);
  });
});

test("what a call touches is seen first, and words are not broken that fit", async () => {
  await withConsole([], async (page, console_, all, add) => {
    const args = { a_comment: "The comment says that everything was agreed with the recipient before. ".repeat(4), amount: 250, to: "acc:attacker", urgent: true };
    const roles = { a_comment: { role: "text" }, amount: { role: "amount", unit: "EUR" }, to: { role: "touched" }, urgent: {}, cascade: {} };
    all.tools = { "jira.delete": roles };
    await add((each) => [ask("ask 12", requestFor(tokenOf(each), { call: deletion(12, args) }))]);
    await show(page, console_.state.asks[0]);
    const names = await page.locator(".detail .arguments dt").allTextContents();
    assert.deepEqual(names, ['touches "to"', 'amount "amount"', '"cascade"', '"urgent"', '"a_comment"']);
    assert.equal(await page.locator(".detail .arguments dd").nth(1).textContent(), "250 EUR");
    for (const width of [1280, 700, 360]) {
      await page.setViewportSize({ width, height: 800 });
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/ask-${width}.png`, fullPage: true });
      assert.deepEqual(await brokenWords(page), [], `${width}`);
    }
  });
});

/** Words that stand on two lines though they fit on one. */
const brokenWords = (page) =>
  page.evaluate(() => {
    const broken = [];
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const { 0: word, index } of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
        if (lines.size > 1 && word.length <= 20) broken.push(word);
      }
    }
    return broken;
  });

test("on other terms: a pattern, a number of calls, an hour, a reason; P-256", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_, "P-256");
    await add((each) => {
      const token = tokenOf(each);
      return [12, 13].map((number) => ask(`ask ${number}`, requestFor(token, { call: deletion(number) })));
    });
    await show(page, console_.state.asks[0]);
    await page.getByLabel("For how long").selectOption("28800");
    await page.getByLabel("For what").selectOption({ label: "calls of jira.delete on jira:project/ACME/*, with any arguments" });
    await page.getByLabel("How often").selectOption("some");
    await page.getByLabel("How many calls").fill("3");
    await page.getByLabel("Why (signed, may be empty)").fill("cleaning day");
    await page.locator(".effect", { hasText: "3 times" }).waitFor();
    await page.locator(".effect", { hasText: "Of the asks that are open here, 2 are such calls." }).waitFor();
    await page.locator("#approve").click();
    await page.locator("#said", { hasText: "1 ask approved" }).waitFor();
    const [{ approval }] = console_.state.answered;
    await verify(approval.by, approval.message, approval.signature);
    const { calls, uses, reason, from, until } = JSON.parse(approval.json);
    assert.deepEqual({ calls, uses, reason, window: until - from }, { calls: [{ tools: ["jira.delete"], operations: ["delete"], resources: ["jira:project/ACME/*"] }], uses: 3, reason: "cleaning day", window: 3600 });
  });
});

test("a resource with a star in it is offered as what it would cover, and not as itself", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    let star;
    await add((each) => [(star = ask("star", requestFor(tokenOf(each), { call: deletion("*") })))]);
    await show(page, star);
    const words = (resource) => `calls of jira.delete on ${resource}, with any arguments`;
    await areTexts(page.getByLabel("For what").locator("option"), ["exactly this call", words("jira:project/ACME/*"), words("jira:project/*"), words("jira:*")]);
  });
});

test("what a pattern covers reads from left to right, whatever letters its resource has", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    let hebrew;
    await add((each) => [(hebrew = ask("hebrew", requestFor(tokenOf(each), { call: deletion("\u05d0\u05d1/100/\u05d2\u05d3") })))]);
    await show(page, hebrew);
    await page.getByLabel("For what").selectOption("1");
    await page.locator("#would", { hasText: "jira:project/ACME/" }).waitFor();
    await areTexts(page.locator("#would bdi bdi"), ["\u05d0\u05d1", "\u05d2\u05d3"]);
  });
});

test("several are answered at once, each shown whole", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    await add((each) => twenty(each).slice(0, 3));
    for (let i = 1; i <= 2; i++) await page.getByLabel(`Select ask ${i}`).check();
    await page.getByRole("button", { name: "Answer 2 selected asks…" }).click();
    const dialog = page.getByRole("dialog");
    await areTexts(dialog.locator("li h3"), ["jira.delete jira:project/ACME/100", "jira.delete jira:project/ACME/101"]);
    await dialog.getByRole("button", { name: "Approve and sign 2" }).click();
    await page.locator("#said", { hasText: "2 asks approved. 1 open ask left." }).waitFor();
    assert.deepEqual(console_.state.asks.map(({ state }) => state), ["answered", "answered", "open"]);
  });
});

test("two approvers answer at once, and the second sees the first", async () => {
  const other = await launch();
  try {
    await withConsole([], async (page, console_, all, add) => {
      const first = await makeKey(page, console_);
      console_.newLink();
      const second = await open(console_, other.context);
      const key = await makeKey(second, console_);
      const approvers = [first, key];
      await add((each) => [ask("both", requestFor(tokenOf(each, { approvers }), { call: deletion(1) }), { needs: 2 })]);
      await second.reload();
      await show(page, console_.state.asks[0]);
      await show(second, console_.state.asks[0]);
      await page.locator("#approve").click();
      await page.locator("#said", { hasText: "more approvers are needed" }).waitFor();
      await page.getByText("Approved already by 1 key, whose signatures are good").waitFor();
      await second.locator("#approve").click();
      await heading(second, "All is answered").waitFor();
      assert.deepEqual(console_.state.answered.map(({ approval }) => keyText(approval.by)), approvers);
    });
  } finally {
    await other.close();
  }
});

test("the keeper's key approves through the console, and what comes back is checked", async () => {
  await withConsole([], async (page, console_, all, add) => {
    const { state } = console_;
    const { generate, sign } = await import("../../../main/resources/dev/taper/server/console/token/verify.mjs");
    const { approvalMessage } = await import("../../../main/resources/dev/taper/server/console/token/answer.mjs");
    const { base64url, concat, utf8 } = await import("../../../main/resources/dev/taper/server/console/token/bytes.mjs");
    const pair = await generate(1);
    state.keeperMissing = "bob-approver";
    await page.reload();
    await page.evaluate(() => (location.hash = "#/key"));
    await page.getByText("The keeper that has bob-approver does not answer.").waitFor();
    state.keeper = { name: "bob-approver", key: keyText(pair.key) };
    let changes = (text) => text;
    const encode = async (statement) => {
      const signature = await sign(1, pair.privateKey, approvalMessage(pair.key, statement));
      return base64url(concat([1, 1], pair.key.bytes, [signature.length], signature, utf8(statement)));
    };
    state.keeperSigns = async (_, statement) => encode(changes(statement));
    all.boss = { text: state.keeper.key };
    await add((each) => twenty(each).slice(0, 1));
    changes = (text) => text.replace('"uses":1', '"uses":9');
    await page.getByRole("button", { name: "Approve, signed by the keeper" }).click();
    await page.getByText("what came back is another approval than was asked for").first().waitFor();
    assert.equal(state.answered.length, 0);
    changes = (text) => text;
    await page.reload();
    await page.getByRole("button", { name: "Approve, signed by the keeper" }).click();
    await heading(page, "All is answered").waitFor();
    assert.equal(keyText(state.answered[0].approval.by), state.keeper.key);
  });
});

test("what must not be approved cannot be, and says why; it can be refused", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    let asks;
    await add((each) => Object.values((asks = odd(each))));
    const codes = { unknown: "unknown_content", otherKey: "other_key", ended: "expired" };
    for (const [name, code] of Object.entries(codes)) {
      await show(page, asks[name]);
      await page.locator(".flaws", { hasText: code }).waitFor();
      assert.ok(await page.locator("#approve").isDisabled(), name);
      await page.locator(".effect", { hasText: "It cannot be approved here" }).waitFor();
      await page.keyboard.press("a");
      assert.notEqual(await page.evaluate(() => document.activeElement.id), "approve");
    }
    await page.evaluate((hash) => (location.hash = hash), `#/approvals/${asks.forged.ask}`);
    await heading(page, "An ask that cannot be read").waitFor();
    assert.equal(await page.locator("#approve").count(), 0);
    await page.getByText("invalid_signature").first().waitFor();
    await show(page, asks.outside);
    await page.getByText("has no grant for this call: an approval would have no effect.").waitFor();
    await show(page, asks.unknown);
    await page.keyboard.press("r");
    await page.keyboard.type("unclear");
    await page.keyboard.press("Enter");
    await page.locator("#said", { hasText: "refused" }).waitFor();
    assert.deepEqual(console_.state.answered, [{ ask: asks.unknown.ask, refusal: "unclear" }]);
  });
});

test("hidden, right-to-left and endless text, and markup, stay text", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    let asks;
    const text = `\u05e9\u05dc\u05d5\u05dd 100 \u05d3\u05d1\u05e8 900 ${"x".repeat(8200)}`;
    const long = (each) => ask("long", requestFor(tokenOf(each), { call: { tool: "mail.send", args: { text } } }));
    await add((each) => Object.values((asks = { ...odd(each), long: long(each) })));
    await show(page, asks.long);
    await page.getByText(/^Show all \d+ columns$/).click();
    const isLeftOf = await page.locator("details pre").evaluate((pre) => {
      const boxOf = (words) => {
        const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
        for (let node; (node = walker.nextNode()); ) {
          const at = node.data.indexOf(words);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + words.length);
          return range.getBoundingClientRect();
        }
      };
      return boxOf("100").left < boxOf("900").left;
    });
    assert.ok(isLeftOf, "what is to the right of other text in the call is so on the page");
    await show(page, asks.html);
    await page.locator(".arguments", { hasText: "<img src=x onerror=alert(1)><script>alert(1)</script>" }).waitFor();
    assert.equal(await page.locator("main img, main script").count(), 0);
    await show(page, asks.overridden);
    await page.locator(".arguments", { hasText: /pay \\u\{200b\}abc/ }).waitFor();
    await show(page, asks.rightToLeft);
    await areTexts(page.locator(".arguments code bdi"), ["שלום", "דבר"]);
    await show(page, asks.big);
    assert.match(await page.locator(".arguments").innerText(), /9007199254740993/);
    await show(page, asks.spaces);
    assert.match(await page.locator(".arguments").innerText(), /hello \\u\{20\}(\\u\{20\})+… \(30028 characters, SHA-256 [0-9a-f]{32}\)/);
    assert.ok(await page.locator("#approve").isDisabled());
    await page.getByText(/^Show all \d+ columns$/).click();
    assert.match(await page.locator("details pre").innerText(), /and delete everything/);
    const { call } = await readAsk(asks.spaces.request, trustOf(all), Date.now());
    await page.getByLabel("The last 8 digits of the digest").fill("00000000");
    assert.ok(await page.locator("#approve").isDisabled());
    await page.getByLabel("The last 8 digits of the digest").fill(call.digest.slice(-8));
    await page.locator("#approve").click();
    await page.locator("#said", { hasText: "1 ask approved" }).waitFor();
    assert.equal(console_.state.answered[0].approval.meaning, call.digest);
  });
});

test("asks that look alike are shown with their difference", async () => {
  await withConsole([], async (page, console_, all, add) => {
    let asks;
    await add((each) => Object.values((asks = odd(each))));
    await show(page, asks.homoglyph);
    await page.getByText(/Mixes alphabets: .*U\+0435/).waitFor();
    const first = page.locator(".alike .card").first();
    assert.match(await first.innerText(), /resource[\s\S]*here jira:project\/ACME\/t\u0435st \(U\+0435\)[\s\S]*there jira:project\/ACME\/test/);
    await areTexts(first.locator("ins, del"), ["\u0435", "e"]);
    await show(page, asks.limit50);
    assert.match(await page.locator(".alike .card").first().innerText(), /argument "limit"[\s\S]*here 50[\s\S]*there 500/);
  });
});

test("the first of many asks are shown before the others are read", async () => {
  await withConsole([], async (page, console_, all, add) => {
    let release;
    console_.state.laterPages = new Promise((resolve) => (release = resolve));
    await add((each) => many(each, 120));
    await page.getByText("120 open asks, of which the first 20 are here.").waitFor();
    await page.locator("#approve").waitFor();
    assert.equal(await page.locator(".queue li").count(), 20);
    await heading(page, "Looks like 19 other asks").waitFor();
    release();
    await page.locator(".queue li").nth(119).waitFor();
    await page.locator(".queue .badge", { hasText: "looks like another" }).first().waitFor();
    assert.equal(await page.locator(".queue [aria-current]").count(), 1);
    await heading(page, "Looks like 119 other asks").waitFor(); // what is read later is compared with what is shown
    assert.equal(console_.state.requests.filter((each) => each.startsWith("GET /api/session")).length, 1); // the reload; opening told all of it
  });
});

test("whose asks are not here is said", async () => {
  await withConsole([], async (page, console_, all, add) => {
    console_.state.waiting = [{ delegator: "user:alice@acme.com", agent: "agent:planner", open: 210 }, { delegator: "user:mallory@acme.com", agent: "agent:<b>\u202e", open: 3 }];
    await add((each) => many(each, 210));
    await page.locator("#rest li").first().waitFor();
    await areTexts(page.locator("#rest li"), ["10 asks not here: agent:planner on behalf of user:alice@acme.com", "3 asks not here: agent:<b>\\u{202e} on behalf of user:mallory@acme.com"]);
    assert.equal(await page.locator(".queue li").count(), 200);
  });
});

test("an approval that the service does not take is said so, and the ask stays", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    await add((each) => twenty(each).slice(0, 2));
    console_.state.refuses = { status: 403, code: "approval_mismatch", detail: "the approval would not count for this call" };
    await page.locator("#approve").click();
    await page.locator(".detail .alert", { hasText: "Not approved: approval_mismatch, the approval would not count for this call. A service that keeps no count" }).waitFor();
    await heading(page, "jira.delete jira:project/ACME/100").waitFor();
    console_.state.refuses = undefined;
    await page.getByLabel("How often").selectOption("any");
    await page.locator("#approve").click();
    await heading(page, "jira.delete jira:project/ACME/101").waitFor();
    assert.equal(console_.state.answered[0].approval.uses, undefined);
  });
});

test("an ask that was changed after it was shown is not signed", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    await add((each) => twenty(each).slice(0, 2));
    const [shown] = console_.state.asks;
    await show(page, shown);
    shown.request = requestFor(tokenOf(all), { call: { ...deletion(100), resource: "jira:project/ACME/everything" } });
    await page.locator("#approve").click();
    await page.getByText("This ask has been changed. It can be answered only after you have looked at it anew.").first().waitFor();
    assert.ok(await page.locator("#approve").isDisabled());
    assert.equal(console_.state.answered.length, 0);
    await page.getByRole("button", { name: "Go on" }).click();
    await heading(page, "jira.delete jira:project/ACME/everything").waitFor();
    await page.getByText("This ask is another one than when you last looked.").waitFor();
  });
});

test("an ask that another tab answered, or that has ended, is said to be closed", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    await add((each) => twenty(each).slice(0, 2));
    const second = await browser.context.newPage();
    await second.goto(`${console_.origin}/#/approvals`);
    await second.locator("#approve").click(); // the session came from the first tab
    await second.locator("#said", { hasText: "1 ask approved" }).waitFor();
    await page.getByText("This ask is not open any more").first().waitFor();
    assert.ok(await page.locator("#approve").isDisabled());
    await page.getByRole("button", { name: "Go on" }).click();
    await heading(page, "jira.delete jira:project/ACME/101").waitFor();
    console_.state.asks[1].state = "refused";
    await page.locator("#approve").click();
    await page.getByText("ask_closed").first().waitFor();
    assert.equal(console_.state.answered.length, 1);
  });
});

test("the link works once, is gone from the address, and what was shown goes with the session", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await add((each) => twenty(each).slice(0, 1));
    assert.equal(new URL(page.url()).hash, "#/approvals");
    assert.ok(!console_.state.requests.some((each) => each.includes("link=")));
    console_.state.sessions.clear();
    await page.evaluate(() => (location.hash = "#/health"));
    await page.getByText("There is no session, or it has ended.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Sign out" }).count(), 0);
    assert.doesNotMatch(await page.locator("body").innerText(), /ACME/);
    await page.goto("about:blank");
    await page.goto(`${console_.origin}/#link=${"x".repeat(43)}`);
    await page.getByText("This link was used already.").waitFor();
  });
});

test("what is revoked is said first, with what goes with it", async () => {
  await withConsole([], async (page, { state }) => {
    await page.evaluate(() => (location.hash = "#/living"));
    await page.getByText("50 of 10000 delegations.").waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByText("100 of 10000 delegations.").waitFor();
    await page.getByRole("button", { name: /^Revoke what agent:researcher-0 / }).click();
    await page.getByLabel("the whole task T-0").check();
    await page.getByRole("button", { name: "Look at what ends" }).click(); // not without a reason
    await page.getByLabel("Why").fill("left the company");
    await page.getByRole("button", { name: "Look at what ends" }).click();
    await page.getByText("14 living delegations end with it").waitFor();
    assert.deepEqual(state.revoked, []);
    await page.getByRole("button", { name: "Revoke 14 delegations" }).click();
    await page.locator("#said", { hasText: "Revoked: 14 delegations" }).waitFor();
    assert.deepEqual(state.revoked, [{ kind: "task", id: "T-0", reason: "left the company" }]);
  });
});

test("a review is decided item by item", async () => {
  await withConsole([], async (page, { state }) => {
    await page.evaluate(() => (location.hash = "#/reviews"));
    await page.getByRole("link", { name: "3: Q4" }).click();
    await page.getByLabel("agent:researcher-0 from agent:planner").check();
    await page.getByRole("button", { name: "Certify…" }).click();
    await page.getByRole("button", { name: "Certify 1 delegation" }).click();
    await page.locator("#said", { hasText: "1 delegation certified" }).waitFor();
    await page.locator(".counts .certified", { hasText: "1" }).waitFor();
    assert.deepEqual(state.decided, [1]);
  });
});

test("the timeline is filtered, and the filter is in the address", async () => {
  await withConsole([], async (page, { state }) => {
    await page.evaluate(() => (location.hash = "#/timeline"));
    await page.getByLabel("Kind").selectOption("deny");
    await page.getByLabel("Task").fill("T-1 & more");
    await page.getByLabel("From this day on (UTC)").fill("2026-01-02");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByRole("link", { name: "The tree of this task" }).waitFor();
    assert.equal(new URL(page.url()).hash, "#/timeline?kind=deny&task=T-1+%26+more&since=2026-01-02");
    const { searchParams } = new URL(state.requests.findLast((each) => each.startsWith("GET /api/timeline")).slice(4), "http://x");
    assert.deepEqual(Object.fromEntries(searchParams), { kind: "deny", task: "T-1 & more", since: String(Date.UTC(2026, 0, 2)), limit: "100" });
    assert.equal(await page.getByLabel("Kind").inputValue(), "deny");
  });
});

test("a record's hash is computed by the page", async () => {
  await withConsole([], async (page) => {
    await page.evaluate(() => (location.hash = "#/timeline/7"));
    await page.getByText("hash recomputed here").waitFor();
    await page.route("**/api/timeline/8", async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, text: answer.text.replace("allow", "deny") } });
    });
    await page.evaluate(() => (location.hash = "#/timeline/8"));
    await page.getByText("The hash that the console sent is not that of this record.").waitFor();
  });
});

test("a person who hears the page or uses no mouse finds their way", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await add((each) => twenty(each).slice(0, 1));
    for (const role of ["banner", "main", "navigation", "contentinfo", "status"]) assert.equal(await page.getByRole(role, role === "status" ? { includeHidden: true } : {}).count(), 1, role);
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "view");
    await page.keyboard.press("?");
    await page.getByLabel("Single keys do this").uncheck();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("5");
    assert.equal(new URL(page.url()).hash, "#/approvals");
    await page.keyboard.press("?");
    await page.getByLabel("Single keys do this").check();
    await page.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("5");
    await heading(page, "Lists of what is revoked").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Health");
  });
});

test("another page in the same browser can neither frame the console nor get its session", async () => {
  await withConsole([], async (page, console_, all, add) => {
    await add((each) => twenty(each).slice(0, 1));
    const hostile = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><title>hostile</title><iframe src="${console_.origin}/"></iframe>`));
    await new Promise((resolve) => hostile.listen(0, "127.0.0.1", resolve));
    try {
      const other = await browser.context.newPage();
      await other.goto(`http://127.0.0.1:${hostile.address().port}/`);
      assert.equal(other.frames()[1].url(), "chrome-error://chromewebdata/");
      const got = await other.evaluate(async (origin) => {
        const asks = `${origin}/api/asks`;
        const simple = await fetch(asks, { credentials: "include", mode: "no-cors" }).then(({ type }) => type);
        const withField = await fetch(asks, { credentials: "include", headers: { "Taper-Session": "x" } }).then(() => "read", ({ name }) => name);
        const channel = new BroadcastChannel("taper-session");
        const session = new Promise((resolve) => (channel.onmessage = () => resolve("session")) && setTimeout(() => resolve("nothing"), 500));
        channel.postMessage("wanted");
        return [simple, withField, await session];
      }, console_.origin);
      assert.deepEqual(got, ["opaque", "TypeError", "nothing"]);
      assert.deepEqual(console_.state.refused, ["GET /api/asks", "OPTIONS /api/asks"]); // without its field the cookie opens nothing
    } finally {
      hostile.close();
      hostile.closeAllConnections();
    }
  });
});

/**
 * A console that serves a changed page (its own files, not what a relay sends) is the one party that can have other things
 * signed than are shown; this states what that is, and what it is not.
 */
test("a changed page can have something else signed while it is open, and can take no key away", async () => {
  const changed = {
    // shows what was asked, and signs another call
    "terms.mjs": (text) => text.replace("meaning: ask.call.digest", 'meaning: "00".repeat(32)'),
    // tries to send the key away
    "main.mjs": (text) => `${text}
      globalThis.stolen = (async () => {
        const { keys } = await import("/console/keystore.mjs");
        const [{ privateKey }] = await keys();
        const as = (format) => crypto.subtle.exportKey(format, privateKey).then(() => "exported", ({ name }) => name);
        const wrapper = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["wrapKey"]);
        const wrapped = await crypto.subtle.wrapKey("jwk", privateKey, wrapper, { name: "AES-GCM", iv: new Uint8Array(12) }).then(() => "wrapped", ({ name }) => name);
        return [await as("pkcs8"), await as("jwk"), wrapped, JSON.stringify(privateKey)];
      })();`,
  };
  const files = Object.fromEntries(Object.entries(changed).map(([name, change]) => [name, change(readFileSync(new URL(`../../../main/resources/dev/taper/server/console/${name}`, import.meta.url), "utf8"))]));
  await withConsole([], async (page, console_, all, add) => {
    await makeKey(page, console_);
    await add((each) => twenty(each).slice(0, 2));
    Object.assign(console_.state.changed, files);
    await page.reload();
    // It can: the person sees one call, and signs another.
    await page.locator("#approve").click();
    await page.locator("#said", { hasText: "1 ask approved" }).waitFor();
    const [{ approval }] = console_.state.answered;
    await verify(approval.by, approval.message, approval.signature);
    assert.equal(approval.meaning, "00".repeat(32));
    // It can also sign without being asked: the browser asks nobody.
    const signed = await page.evaluate(async () => {
      const { keys, signer } = await import("/console/keystore.mjs");
      return [...(await signer((await keys())[0]).sign(new TextEncoder().encode("anything")))].length;
    });
    assert.equal(signed, 64);
    // It cannot: read the key, wrap it, or make text of it.
    assert.deepEqual(await page.evaluate(() => globalThis.stolen), ["InvalidAccessError", "InvalidAccessError", "InvalidAccessError", "{}"]);
    // Once the page as it should be is served again, the key is as good as before, and nothing of the changed one is left.
    for (const name of Object.keys(files)) delete console_.state.changed[name];
    await page.reload();
    await page.locator("#approve").click();
    await heading(page, "All is answered").waitFor();
    const asked = await readAsk(console_.state.asks[1].request, trustOf(all), Date.now());
    assert.equal(console_.state.answered[1].approval.meaning, asked.call.digest);
  });
});

/** What a relay can change is data, and only what is not signed. */
test("a hostile relay can hide asks and make up words; it can change nothing that is signed", async () => {
  await withConsole([], async (page, console_, all, add) => {
    console_.state.mode = "relay";
    await makeKey(page, console_);
    const token = tokenOf(all);
    const good = requestFor(token, { call: deletion(1) });
    const other = requestFor(tokenOf({ ...all, root: all.planner.key }), { call: deletion(1) });
    const swapped = good.replace(/"token":"[^"]*"/, /"token":"[^"]*"/.exec(other)[0]);
    await add(() => [ask("good", good), ask("another chain", swapped), ask("another service", good.replace('"audience":"svc:jira"', '"audience":"svc:mail"')), { ask: "ff".repeat(32), state: "open", broken: { code: "<b>bad</b>", detail: "<img src=x>" } }, ask("no time", good, { until_s: "soon", approvals: ["AQ", 7] }), { state: "open" }]);
    await page.getByText("which is believed nothing").waitFor();
    await page.evaluate(() => (location.hash = "#/health"));
    await page.getByText("This page is the word of https://console.acme.com: nothing here verifies it.").waitFor();
    await page.getByText("goes on alone", { exact: true }).waitFor();
    await page.getByText("3 proofs are unknown to others, who may take each once").waitFor();
    await page.evaluate(() => (location.hash = "#/approvals"));
    await page.locator(".queue li").first().waitFor();
    assert.equal(await page.getByText("This page is the word of").count(), 0);
    const [first, second, third] = console_.state.asks;
    await page.evaluate((hash) => (location.hash = hash), `#/approvals/${second.ask}`);
    await heading(page, "An ask that cannot be read").waitFor();
    await show(page, console_.state.asks[4]);
    await page.getByText("Nobody has approved it yet.").waitFor();
    await page.getByText("no time").waitFor();
    // An audience that a relay made up is signed as it is shown: good at that service alone, where the call means another thing.
    await show(page, third);
    assert.match(await page.locator(".asked").first().innerText(), /svc:mail/);
    await page.getByText("not known here").first().waitFor();
    await show(page, first);
    await page.locator("#approve").click();
    await page.locator("#said", { hasText: "1 ask approved" }).waitFor();
    assert.deepEqual(console_.state.answered[0].approval.audiences, ["svc:jira"]);
  });
});

/** What a relay says of living authority, reviews, the log and health is shown as its word: as text, whatever it is. */
test("a hostile script in what a relay tells is text on every page, and nothing runs", async () => {
  const markup = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>"'onmouseover=window.hit=1 javascript:window.hit=1`;
  const poisoned = (value) => {
    if (typeof value === "string") return markup;
    if (Array.isArray(value)) return value.slice(0, 5).map(poisoned);
    if (value === null || typeof value !== "object") return value;
    const members = Object.entries(value).map(([name, each]) => [name, poisoned(each)]);
    return Object.defineProperty(Object.fromEntries(members), "__proto__", { value: { polluted: true }, enumerable: true });
  };
  await withConsole([], async (page, console_) => {
    console_.state.mode = "relay";
    await page.reload();
    await page.getByText("which is believed nothing").waitFor();
    let told = 0;
    const shown = [];
    await page.route(/\/api\/(living|reviews|timeline|tasks|health)/, async (route) => {
      const answer = await (await route.fetch()).json();
      told++;
      await route.fulfill({ json: poisoned(answer) });
    });
    for (const view of VIEWS.filter((each) => each !== "#/key")) {
      const before = told;
      await page.evaluate(() => (location.hash = "#/key"));
      await heading(page, "Your key").waitFor();
      await page.evaluate((hash) => (location.hash = hash), view);
      await heading(page, "Your key").waitFor({ state: "detached" });
      assert.ok(told > before, view);
      const found = await page.evaluate(() => ({
        ran: window.hit,
        polluted: {}.polluted,
        markup: document.querySelectorAll("img, body script, iframe, object, embed").length,
        handlers: [...document.querySelectorAll("*")].filter((each) => [...each.attributes].some(({ name }) => name.startsWith("on"))).length,
        links: [...document.querySelectorAll("a")].filter((each) => !each.getAttribute("href").startsWith("#")).length,
      }));
      if ((await page.locator("#view").innerText()).includes("<script>")) shown.push(view);
      assert.deepEqual(found, { ran: undefined, polluted: undefined, markup: 0, handlers: 0, links: 0 }, view);
    }
    assert.ok(shown.length >= 4, `only these show it: ${shown}`);
    page.errors = page.errors.filter((each) => !/TypeError|RangeError|URIError|Invalid|is not/.test(each)); // what makes no sense is not shown
  });
});

const VIEWS = ["#/living", "#/living/x", "#/reviews", "#/reviews/3", "#/timeline", "#/timeline/7", "#/tasks/T-1", "#/health", "#/key"];

test("no page sticks out at three widths, in both themes, and axe finds nothing serious", async () => {
  await withConsole([], async (page, console_, all, add) => {
    const found = [];
    const look = async (name, isAxe, scope) => {
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        found.push(...(await overflow(page)).map((flaw) => `${name} at ${width}: ${flaw}`));
      }
      for (const [i, colorScheme] of (isAxe ? themes : []).entries()) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: widths[i * 2], height: 900 });
        found.push(...(await axe(page, scope)).map((flaw) => `${name}, ${colorScheme}: ${flaw}`));
      }
    };
    await makeKey(page, console_);
    let asks;
    await add((each) => Object.values((asks = odd(each))));
    for (const [name, each] of Object.entries(asks).filter(([name]) => name !== "forged")) {
      await show(page, each);
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      await look(name, ["deep", "homoglyph"].includes(name));
    }
    for (const view of VIEWS) {
      await page.evaluate((hash) => (location.hash = hash), view);
      await page.waitForFunction(() => document.activeElement.tagName === "H1");
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = !one.querySelector(".records"))));
      // Of 2,000 calls of one kind, axe looks at one.
      await look(view, true, view.startsWith("#/tasks") ? ".page > .tree > li > .card" : undefined);
    }
    assert.deepEqual(found, []);
  });
});
