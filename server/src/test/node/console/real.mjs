// A person at the real console, for a test in Java: makes a key and says it; once asks are there, answers them by keyboard,
// looks at every page, takes a task back, starts a review and certifies. Usage: node real.mjs LINK ASKS TASK
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { axe, launch, overflow, widths } from "../../../../../operations/src/test/node/browser.mjs";

const [link, asks, task] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const browser = await launch();
const errors = [];
try {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(link);
  await page.locator("h1").first().waitFor();
  await page.keyboard.press("6");
  await page.getByRole("button", { name: "Make a key" }).focus();
  await page.keyboard.press("Enter");
  console.log((await page.locator(".card.main .fingerprint code").textContent()).trim());
  for await (const _ of createInterface({ input: process.stdin })) break; // the asks are there
  await page.evaluate(() => (location.hash = "#/approvals"));
  await page.reload();
  for (let left = asks; left > 0; left--) {
    await page.getByText(left === 1 ? "1 open ask." : `${left} open asks.`).first().waitFor();
    if (left === asks) await look(page, "#/approvals");
    await page.locator("#approve:enabled").waitFor();
    await page.getByLabel("How often").selectOption("any"); // the service of this world keeps no count
    await page.locator("body").evaluate(() => document.activeElement.blur());
    await page.keyboard.press("a");
    await page.keyboard.press("Enter");
    await page.locator("#said", { hasText: `${left - 1} open ask` }).waitFor();
  }
  await page.getByRole("heading", { name: "All is answered" }).waitFor();
  for (const view of ["#/living", "#/reviews", "#/timeline", "#/health", "#/key", `#/tasks/${task}`]) {
    await page.evaluate((hash) => (location.hash = hash), view);
    await page.waitForFunction(() => document.activeElement.tagName === "H1");
    assert.equal(await page.getByRole("heading", { name: "This cannot be shown" }).count(), 0, view);
    await look(page, view);
  }
  await page.evaluate(() => (location.hash = "#/timeline"));
  await page.locator("h1", { hasText: "Timeline" }).waitFor(); // the page before lists records, too
  await page.locator(".records .number").first().click();
  await page.getByText("hash recomputed here").waitFor();
  await page.evaluate(() => (location.hash = "#/reviews"));
  await page.getByLabel("Title").fill("by hand");
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByRole("button", { name: "Select all that are shown" }).click();
  await page.getByRole("button", { name: "Certify…" }).click();
  await page.getByLabel("Why").fill("looked at");
  await page.getByRole("button", { name: /^Certify \d+ delegations?$/ }).click();
  await page.getByText("All is decided.").waitFor();
  await page.evaluate(() => (location.hash = "#/living"));
  await page.getByRole("button", { name: /^Revoke what / }).first().click();
  await page.getByLabel("Why").fill("not needed");
  await page.getByRole("button", { name: "Look at what ends" }).click();
  await page.getByRole("button", { name: /^Revoke \d+ delegations?$/ }).click();
  await page.locator("#said", { hasText: "Revoked: " }).waitFor();
  assert.deepEqual(errors, []);
  console.log("done");
} catch (error) {
  console.error(await browser.context.pages().at(-1).locator("body").innerText(), errors);
  throw error;
} finally {
  await browser.close();
}

/** Nothing sticks out, and axe finds nothing serious. */
async function look(page, name) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    errors.push(...(await overflow(page)).map((flaw) => `${name} at ${width}: ${flaw}`));
  }
  errors.push(...(await axe(page)).map((flaw) => `${name}: ${flaw}`));
}
process.exit(0);
