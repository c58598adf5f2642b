// A real browser for the tests of pages, and what is asked of every page: that nothing sticks out
// and that people who hear it or use no mouse can read it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** The widths in pixels at which pages have to be readable: a telephone, a small window, a screen. */
export const widths = [390, 900, 1600];
export const themes = ['light', 'dark'];

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where Chromium is; null if it is not installed. */
export function chromiumPath() {
  const named = process.env.CHROMIUM;
  const places = named ? [named] : ['/usr/bin/chromium', '/usr/bin/chromium-browser'];
  return places.find(existsSync) ?? null;
}

/** Starts Chromium with a new, empty profile. `close` ends it and removes the profile. */
export async function launch(options = {}) {
  const path = chromiumPath();
  if (path === null) {
    throw new Error('there is no Chromium: apt-get install chromium');
  }
  const profile = mkdtempSync(join(tmpdir(), 'taper-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: path,
    headless: true,
    viewport: { width: 900, height: 900 },
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
      '--disable-background-networking', '--disable-component-update',
    ],
    ...options,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** What sticks out of the page to the right or left, a line each; nothing if all is well. */
export async function overflow(page) {
  return page.evaluate(() => {
    const found = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
      found.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} > ${width}`);
    }
    for (const element of document.body.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      const isShown = box.width > 1 && element.checkVisibility({ contentVisibilityAuto: true });
      if (isShown && (box.right > width + 1 || box.left < -1)) {
        found.push(`${element.tagName}.${element.className} ${box.left}..${box.right}`);
      }
      if (isShown && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
          && getComputedStyle(element).overflowX !== 'visible') {
        found.push(`${element.tagName}.${element.className} hides or scrolls what it holds`);
      }
    }
    return found.slice(0, 10);
  });
}

/** The serious and critical faults that axe finds, a line each. */
export async function axe(page, scope = undefined) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    await page.evaluate(axeSource); // as a debugger does: a page's own rules do not hinder it
  }
  const violations = await page.evaluate(async (within) => {
    const result = await globalThis.axe.run(within ?? document, { resultTypes: ['violations'] });
    return result.violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.failureSummary),
    }));
  }, scope ?? null);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.join(' | ')}`);
}
