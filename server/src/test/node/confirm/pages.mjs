// A person at the issuer's pages in a real browser, by keyboard alone: signs in, consents, refuses, enrols a key, signs out. Every
// page is looked at, and what is wrong is printed, a line each; nothing if all is well.
// Usage: node pages.mjs ORIGIN CODE [FOLDER for pictures]
import { join } from "node:path";
import { axe, launch, overflow, themes, widths } from "../../../../../operations/src/test/node/browser.mjs";

const [origin, code, shots] = process.argv.slice(2);
const faults = [];
const { context, close } = await launch();
const page = await context.newPage();
page.setDefaultTimeout(60_000);
page.on("console", (message) => message.type() === "error" && !/status of 4/.test(message.text()) && faults.push(message.text()));
page.on("pageerror", (error) => faults.push(String(error)));

/** Waits for a page by its heading, and looks at it. */
async function look(heading, name) {
  await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      faults.push(...(await overflow(page)).map((flaw) => `${name}, ${colorScheme}, ${width}: ${flaw}`));
      if (shots) await page.screenshot({ path: join(shots, `issuer-${name}-${colorScheme}-${width}.png`), fullPage: true });
    }
    faults.push(...(await axe(page)).map((flaw) => `${name}, ${colorScheme}: ${flaw}`));
  }
  const unstyled = await page.evaluate(() => getComputedStyle(document.body).getPropertyValue("--accent") === "");
  if (unstyled) faults.push(`${name}: it does not have the look of the other pages`);
}

/** Goes on by Tab until a control has the focus, which has to be seen. */
async function tabTo(name) {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const { tagName, textContent, labels } = document.activeElement;
      return { text: tagName === "INPUT" ? labels[0].textContent : textContent, outline: parseInt(getComputedStyle(document.activeElement).outlineWidth) };
    });
    if (at.text === name) {
      if (!(at.outline >= 2)) faults.push(`${name}: nobody sees that it has the focus`);
      return;
    }
  }
  throw new Error(`no key leads to ${name} on: ${await page.locator("body").innerText()}`);
}

/** Goes to a control, and by it to the next page. */
async function press(name) {
  await tabTo(name);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

/** Types a code into its field, and goes to the next page. */
async function type(text) {
  await tabTo("Code");
  await page.keyboard.type(text);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

/** Opens a page as a person does who typed its address. */
const open = (path) => page.goto(origin + path);

try {
  await open("/signin/callback");
  await look("Not signed in", "not-signed-in");

  const next = `${origin}/confirm`;
  await page.route(next, (route) => route.fulfill({ status: 204 })); // so that the page before it stays
  await page.goto(`${origin}/signin?to=/confirm`, { waitUntil: "commit" });
  await look("You are signed in", "signed-in");
  await page.unroute(next);
  await press("Go on");
  await look("What waits for you", "waiting");

  await press("See what it asks");
  await look("May this agent act for you?", "consent");
  await press("Allow this");
  await look("Done", "allowed");
  await press("See what else waits for you");
  await press("See what it asks");
  await press("Refuse");
  await look("Done", "refused");
  await page.goBack(); // the page is kept nowhere
  await look("Nothing was done", "answered-already");

  await press("See what waits for you");
  await type("BBBB-BBBB");
  await look("Nothing was done", "unknown-code");
  await press("See what waits for you");
  await type(code);
  await look("Is this the agent's key?", "key");
  await press("Enrol this key");
  await look("Done", "enrolled");
  await press("See what else waits for you");
  await look("What waits for you", "nothing-waits");
  await press("Sign out");
  await look("You are signed out", "signed-out");

  await press("Sign in");
  await page.waitForURL(`${origin}/`); // of which this world has none
  await open("/confirm");
  await page.getByText("No agent asks to act for you.").waitFor();
  await look("What waits for you", "nothing-at-all");
} finally {
  await close();
}
faults.forEach((fault) => console.log(fault));
