// A real browser for the tests of pages, and what is asked of every page: that nothing sticks out
// and that people who hear it or use no mouse can read it.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

/** The widths in pixels at which pages have to be readable: a telephone, a small window, a screen. */
export const widths = [390, 800, 1600];
export const themes = ['light', 'dark'];

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where Chromium is; null if it is not installed. */
export function chromiumPath() {
  const named = process.env.CHROMIUM;
  const places = named ? [named] : ['/usr/bin/chromium', '/usr/bin/chromium-browser'];
  return places.find(existsSync) ?? null;
}

/** Starts Chromium with a new, empty profile, which goes when it is closed. */
export async function launch(options = {}) {
  const path = chromiumPath();
  if (path === null) {
    throw new Error('there is no Chromium: apt-get install chromium');
  }
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
      '--disable-background-networking', '--disable-component-update',
    ],
  });
  const context = await browser.newContext({ viewport: { width: 900, height: 900 }, ...options });
  return { browser, context, close: () => browser.close() };
}

/** What sticks out of the page to the right or left, a line each; nothing if all is well. */
export async function overflow(page) {
  return page.evaluate(() => {
    const found = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
      found.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} > ${width}`);
    }
    const look = (element) => {
      const box = element.getBoundingClientRect();
      const name = `${element.tagName}.${element.className}`;
      if (box.width <= 1 || box.height <= 1) return; // not shown, or for listeners only
      if (box.right > width + 1 || box.left < -1) found.push(`${name} ${box.left}..${box.right}`);
      const clips = element.clientWidth > 0 && getComputedStyle(element).overflowX !== 'visible';
      if (clips && element.scrollWidth > element.clientWidth + 1) {
        found.push(`${name} hides or scrolls what it holds`);
      }
      for (const child of element.children) {
        const folded = element.matches('details:not([open])') && !child.matches('summary');
        if (!folded) look(child);
      }
    };
    for (const child of document.body.children) look(child);
    return found.slice(0, 10);
  });
}

/** The serious and critical faults that axe finds, a line each. What is folded away is not seen. */
export async function axe(page, scope = undefined) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    await page.evaluate(axeSource); // as a debugger does: a page's own rules do not hinder it
  }
  const violations = await page.evaluate(async (within) => {
    const folded = [...document.querySelectorAll('details:not([open]) > :not(summary)')].filter(
      (part) => part.parentElement.closest('details:not([open]) > :not(summary)') === null);
    const places = folded.map((part) => {
      const place = document.createComment('');
      part.replaceWith(place); // axe would look at all of it, and say nothing
      return place;
    });
    try {
      const result = await globalThis.axe.run(within ?? document, { resultTypes: ['violations'] });
      return result.violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.failureSummary),
      }));
    } finally {
      places.forEach((place, i) => place.replaceWith(folded[i]));
    }
  }, scope ?? null);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.join(' | ').replace(/\s+/g, ' ')}`);
}
