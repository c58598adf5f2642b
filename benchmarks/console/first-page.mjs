// The time until a browser shows what a console's link leads to: first-page.mjs, with a link a line on standard input.
// For each it answers the milliseconds from the start of the navigation to the frame in which the first ask can be
// answered, by the clock of the page: neither the browser's start nor what drives it here is part of that.
import { createInterface } from 'node:readline';
import { launch } from '../../operations/src/test/node/browser.mjs';

/** In the page, before anything of it: notes when the button of the first ask was painted. */
function watch() {
  const seen = () => {
    const button = document.querySelector('#approve');
    return button !== null && button.getClientRects().length > 0;
  };
  const look = () => {
    if (!seen()) return;
    observer.disconnect();
    // A task behind the next frame runs once that frame is painted.
    requestAnimationFrame(() => setTimeout(() => (globalThis.firstAskAt = performance.now())));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true });
}

const browser = await launch();
try {
  await browser.context.addInitScript(watch);
  // What people have too: a browser that is open already.
  await (await browser.context.newPage()).goto('about:blank');
  console.log('open');
  for await (const link of createInterface({ input: process.stdin })) {
    const page = await browser.context.newPage();
    await page.goto(link, { waitUntil: 'commit' });
    const shown = await page.waitForFunction(() => globalThis.firstAskAt);
    console.log(Math.round(await shown.jsonValue()));
    await page.close();
  }
} finally {
  await browser.close();
}
