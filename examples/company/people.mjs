// People at real browsers: each has a profile of their own in one Chromium, which reaches this
// machine alone.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const PATIENCE = 60_000;

/** Where Chromium is; undefined if it is not installed. */
export function chromiumPath() {
  const named = process.env.CHROMIUM;
  const places = named ? [named] : ['/usr/bin/chromium', '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  return places.find((place) => existsSync(place));
}

export async function openBrowser() {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
      '--disable-background-networking', '--disable-component-update'],
  });
}

export class Person {
  static async at(stage, browser, name, signIn) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 1000 } });
    await context.route((url) => url.hostname !== '127.0.0.1', (route) => route.abort());
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    return new Person(stage, name, signIn, page);
  }

  constructor(stage, name, signIn, page) {
    this.stage = stage;
    this.name = name;
    this.signIn = signIn;
    this.page = page;
  }

  does(what) {
    this.stage.does(this.name, what);
  }

  /** Keeps a picture of the page. */
  async picture(name) {
    mkdirSync(join(this.stage.folder, 'pages'), { recursive: true });
    await this.page.screenshot({ path: join(this.stage.folder, 'pages', `${name}.png`), fullPage: true });
  }

  /** Opens an address, and signs in where the provider asks for that. */
  async opens(url, then) {
    await this.page.goto(url);
    const asked = this.page.locator('[name=username]');
    await asked.or(then).first().waitFor();
    if (await asked.isVisible()) {
      await this.picture(`sign-in-${this.name.toLowerCase()}`);
      await this.signIn(this.page);
      await then.first().waitFor();
    }
  }

  async text() {
    return this.page.locator('body').innerText();
  }

  /** An operator enrols the key that a terminal shows. */
  async enrols(url, code, key) {
    this.does(`opens ${url}, signs in, types the code ${code}, compares the key, and enrols it`);
    const field = this.page.locator('input[name=code]:not([type=hidden])');
    await this.opens(url, field);
    await field.fill(code);
    await this.page.locator('button[value=see]').click();
    const yes = this.page.locator('button[value=yes]');
    await yes.waitFor();
    this.stage.expect((await this.text()).includes(key), 'the page shows the whole key');
    await this.picture('enrol');
    await yes.click();
    await this.page.getByText('The key is enrolled.').waitFor();
  }

  /** Signs in for an agent, at the URL that its terminal shows. */
  async signsIn(url) {
    this.does('opens this URL, and signs in at the provider');
    await this.opens(url, this.page.locator('body:not(:has([name=username]))'));
  }

  /** Reads what an agent would be allowed, and consents. */
  async consents(url, ...texts) {
    this.does(`opens ${url}, signs in, reads what the agent would be allowed, and allows it`);
    const ask = this.page.locator('a[href^="/confirm/exchange"]');
    await this.opens(url, ask);
    await ask.first().click();
    const yes = this.page.locator('button[value=yes]');
    await yes.waitFor();
    const shown = await this.text();
    texts.forEach((text) => this.stage.expect(shown.includes(text), `${text} on the page`));
    await this.picture('consent');
    await yes.click();
    await this.page.getByText('The agent gets the token').waitFor();
  }

  /** Opens the console by its one-time link, and has the browser make a key; gives its public text. */
  async makesKey(link) {
    this.does('opens the link of the console, and has the browser make a key, which stays there');
    await this.page.goto(link);
    await this.page.locator('h1').first().waitFor();
    await this.page.evaluate(() => { location.hash = '#/key'; });
    await this.page.getByRole('button', { name: 'Make a key' }).click();
    const key = (await this.page.locator('.card.main .fingerprint code').textContent()).trim();
    await this.picture('key');
    return key;
  }

  /** Reads what is asked at the console, and approves it once. */
  async approves(...texts) {
    this.does('looks at what is asked, and approves exactly this, once; the key in the browser signs');
    await this.page.evaluate(() => { location.hash = '#/approvals'; });
    await this.page.reload();
    await this.page.locator('#approve:enabled').waitFor();
    const shown = await this.text();
    texts.forEach((text) => this.stage.expect(shown.includes(text), `${text} on the page`));
    await this.picture('approval');
    await this.page.locator('body').evaluate(() => document.activeElement.blur());
    await this.page.keyboard.press('a');
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('heading', { name: 'All is answered' }).waitFor();
  }
}
