// An approver in a real browser, for a test in Java: says its key, takes an ask as one line of JSON, and says the approval.
import { createInterface } from "node:readline";
import { launch } from "../../../../../operations/src/test/node/browser.mjs";
import { standIn } from "./standin.mjs";
import { ask, parties } from "./world.mjs";

const all = parties();
const console_ = await standIn(all, []);
const browser = await launch();
try {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${console_.link()}`);
  await page.locator("h1").first().waitFor();
  await page.keyboard.press("6");
  await page.getByLabel("Algorithm").selectOption(process.argv[2]);
  await page.getByRole("button", { name: "Make a key" }).focus();
  await page.keyboard.press("Enter");
  const key = (await page.locator(".card.main .fingerprint code").textContent()).trim();
  console.log(key);
  for await (const line of createInterface({ input: process.stdin })) {
    const { request, root, planner, catalog } = JSON.parse(line);
    all.root = { text: root };
    all.planner = { name: "agent:planner", key: { text: planner } };
    all.catalog = catalog;
    console_.state.approver = key;
    console_.state.asks.push(ask("from Java", request));
    await page.evaluate(() => (location.hash = "#/approvals"));
    await page.reload();
    await page.locator("#approve").waitFor();
    await page.keyboard.press("a");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "All is answered" }).waitFor();
    console.log(console_.state.answered[0].encoded);
    break;
  }
} finally {
  await browser.close();
  await console_.close();
}
process.exit(0);
