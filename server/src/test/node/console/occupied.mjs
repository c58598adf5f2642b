// A person whose browser was at the console's port while another program had it. Says what each page is called.
// Usage: node occupied.mjs ORIGIN cache|worker; links come by lines.
import { createInterface } from "node:readline";
import { launch } from "../../../../../operations/src/test/node/browser.mjs";

const [origin, left] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const browser = await launch();
try {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${origin}/#${left}`);
  if (left === "worker") await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.evaluate(() => fetch("/console/main.mjs")); // and keeps it
  console.log("was there");
  await page.goto("about:blank");
  await page.goto((await lines.next()).value);
  if (left === "worker") {
    console.log(await page.title());
    while (await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length > 0)) await page.waitForTimeout(100);
    console.log("gone");
    await page.goto("about:blank");
    await page.goto((await lines.next()).value);
  }
  console.log(await page.locator("h1", { hasNotText: "hostile" }).first().textContent());
} catch (error) {
  console.error(error);
  throw error;
} finally {
  await browser.close();
}
process.exit(0);
