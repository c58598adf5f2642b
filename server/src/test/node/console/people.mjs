// People at the console of another machine, for a test in Java that says whom the provider signs in, in the order of this
// script: each looks, does what the role allows, and finds nothing else. Usage: node people.mjs ORIGIN ASK
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { axe, launch, overflow, themes, widths } from "../../../../../operations/src/test/node/browser.mjs";

const [origin, ask] = process.argv.slice(2);
const { browser, close } = await launch();
const errors = [];
let shown;

/** A browser of somebody's own, at the ask that a link led to, before anybody signed in. */
async function newcomer() {
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } });
  return { context, page: await open(context, `/#/approvals/${ask}`) };
}

async function open(context, path) {
  const page = await context.newPage();
  shown = page;
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/status of 4/.test(message.text()) && errors.push(message.text()));
  await page.goto(origin + path);
  await page.locator("h1").first().waitFor();
  return page;
}

async function signIn(page) {
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.locator("#person").waitFor();
}

async function person(action) {
  const { context, page } = await newcomer();
  await signIn(page);
  await action(page, context);
  await context.close();
}

/** The pages that are offered, without how much waits there. */
const pagesOf = async (page) => (await page.locator("#pages a").allInnerTexts()).map((name) => name.replace(/\s*\d+$/, ""));
const go = async (page, hash) => {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForFunction(() => /^H[12]$/.test(document.activeElement.tagName));
};
const said = (page, words) => page.locator("#said", { hasText: words }).waitFor();
const buttons = (page, name) => page.getByRole("button", { name }).count();

/** Nothing sticks out, and axe finds nothing serious, in both themes. */
async function look(page, name) {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      errors.push(...(await overflow(page)).map((flaw) => `${name} at ${width}: ${flaw}`));
    }
    errors.push(...(await axe(page)).map((flaw) => `${name}, ${colorScheme}: ${flaw}`));
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${colorScheme}.png`, fullPage: true });
  }
}

/** What is nobody's on pages that another machine serves. */
async function hasNoKey(page) {
  assert.equal(await buttons(page, /Approve and sign|Make a key/), 0);
  assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)), []);
  const script = await page.evaluate(async () => (await fetch(document.querySelector("script").src)).text());
  assert.match(script, /make and use no key/);
  assert.doesNotMatch(script, /indexedDB/);
}

try {
  // Nobody yet: the link's page is there, and nothing of what is asked.
  const { context, page } = await newcomer();
  await page.getByRole("heading", { name: "Not signed in" }).waitFor();
  assert.doesNotMatch(await page.locator("body").innerText(), /jira/);
  await look(page, "signed-out");
  await context.addCookies([{ name: "__Host-taper", value: "k".repeat(43), url: origin.replace("http:", "https:"), secure: true }]);

  // A viewer sees it all where the link led, and can answer nothing.
  await signIn(page);
  await page.locator("#elsewhere").waitFor();
  assert.match(page.url(), new RegExp(`#/approvals/${ask}$`));
  assert.deepEqual(await pagesOf(page), ["Approvals", "Living authority", "Reviews", "Timeline", "Health"]);
  assert.match(await page.locator("#elsewhere").innerText(), new RegExp(`taper console --relay ${origin} --relay-secret-file`));
  assert.equal(await page.getByRole("link", { name: "this ask there" }).getAttribute("href"), `http://127.0.0.1:8480/#/approvals/${ask}`);
  assert.equal(await page.locator("#refusal").count(), 0);
  await look(page, "viewer");
  await hasNoKey(page);
  const cookie = (await context.cookies(origin)).find(({ name }) => name === "__Host-taper");
  assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path], [true, true, "Strict", "/"]);
  assert.notEqual(cookie.value, "k".repeat(43), "who signs in gets a session that nobody knew before");
  assert.equal(await page.evaluate(() => document.cookie), "");
  await go(page, "#/key");
  await page.getByRole("heading", { name: "Approvals", exact: true }).waitFor();
  await go(page, "#/living");
  assert.equal(await buttons(page, /^Revoke/), 0);
  await go(page, "#/reviews");
  assert.equal(await buttons(page, "Start"), 0);
  await context.close();

  // An approver refuses, and does not approve.
  await person(async (page) => {
    assert.deepEqual(await pagesOf(page), ["Approvals"]);
    await hasNoKey(page);
    await page.getByLabel("Or refuse: why not").fill("not today");
    await page.getByRole("button", { name: "Refuse" }).click();
    await page.getByRole("heading", { name: "All is answered" }).waitFor();
  });

  // A reviewer certifies.
  await person(async (page) => {
    assert.deepEqual(await pagesOf(page), ["Living authority", "Reviews"]);
    assert.equal(await buttons(page, /^Revoke what/), 0);
    await go(page, "#/reviews");
    await page.getByLabel("Title").fill("Q4");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("button", { name: "Select all that are shown" }).click();
    await page.getByRole("button", { name: "Certify…" }).click();
    await page.getByLabel("Why").fill("looked at");
    await page.getByRole("button", { name: /^Certify \d+ delegations?$/ }).click();
    await page.getByText("All is decided.").waitFor();
  });

  // An operator, whom a hostile page elsewhere wants to have revoke something, revokes one thing alone.
  await person(async (page, context) => {
    assert.deepEqual(await pagesOf(page), ["Living authority", "Health"]);
    await astray(context);
    await go(page, "#/living");
    await page.getByRole("button", { name: /^Revoke what / }).first().click();
    await page.getByLabel("Why").fill("not needed");
    await page.getByRole("button", { name: "Look at what ends" }).click();
    await page.getByRole("button", { name: /^Revoke \d+ delegations?$/ }).click();
    await said(page, "Revoked: ");
  });

  // Who has a role and no name only looks.
  await person(async (page) => {
    await page.getByText("You can only look").waitFor();
    assert.equal(await page.locator("#refusal").count(), 0);
  });

  // Who has no role is told so, and can sign out.
  await person(async (page) => {
    await page.getByRole("heading", { name: "You have no role here" }).waitFor();
    await look(page, "no-role");
    assert.deepEqual(await pagesOf(page), []);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Not signed in" }).waitFor();
  });

  // A tab of the session before tells nothing once somebody else signed in.
  await person(async (page, context) => {
    await page.getByRole("heading", { name: "Approvals", exact: true }).waitFor();
    const other = await open(context, "/");
    await other.goto(`${origin}/signin`);
    await other.locator("#person").waitFor();
    await page.evaluate(() => (location.hash = "#/living"));
    await page.getByText("of the session before").waitFor();
    assert.doesNotMatch(await page.locator("body").innerText(), /planner/);
  });
  assert.deepEqual(errors, []);
  console.log("done");
} catch (error) {
  console.error(shown.url(), await shown.locator("body").innerText(), errors);
  throw error;
} finally {
  await close();
}

/** A page of another site sends what revokes, by script and by form, and frames the console. */
async function astray(context) {
  const json = JSON.stringify({ kind: "delegator", id: "user:alice@acme.com" });
  const html = `<!doctype html><title>x</title><iframe src="${origin}/"></iframe><iframe name="into"></iframe>
    <form target="into" method="post" enctype="text/plain" action="${origin}/api/revocations"><input name='${json.slice(0, -1)},"reason":"' value='x"}'></form>
    <script>document.forms[0].submit();
    Promise.allSettled([fetch("${origin}/api/revocations", { method: "POST", mode: "no-cors", credentials: "include", body: ${JSON.stringify(json)} }),
      fetch("${origin}/api/session", { credentials: "include" })]).then(([, read]) => (document.title = "sent, " + read.status));</script>`;
  const server = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(html));
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const page = await context.newPage();
  await page.goto(`http://localhost:${server.address().port}/`);
  await page.waitForFunction(() => document.title === "sent, rejected", undefined, { timeout: 60_000 });
  for (const frame of page.frames().slice(1)) assert.doesNotMatch(await frame.locator("body").innerText(), /Taper console|planner/);
  await page.close();
  server.closeAllConnections();
  server.close();
}
process.exit(0);
