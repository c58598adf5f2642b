// The time until a browser shows what a console's link leads to: first-page.mjs BASE, with a link a line on
// standard input. For each it answers the milliseconds from opening the link to the first ask on the screen.
import { createInterface } from 'node:readline';
import { launch } from '../../operations/src/test/node/browser.mjs';

const browser = await launch();
try {
  // What people have too: a browser that is open already.
  await (await browser.context.newPage()).goto('about:blank');
  console.log('open');
  for await (const link of createInterface({ input: process.stdin })) {
    const page = await browser.context.newPage();
    const begin = performance.now();
    await page.goto(link, { waitUntil: 'commit' });
    await page.locator('#approve').waitFor();
    console.log(Math.round(performance.now() - begin));
    await page.close();
  }
} finally {
  await browser.close();
}
