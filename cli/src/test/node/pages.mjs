// Shows pages in a browser and prints what is wrong with them, a line each; nothing if all is well.
// Arguments: the folder of the pages, then names of pages; behind --shots a folder for pictures.
// A page of a kind (trail, long-chain, ...) is also used, as its readers do: see `uses`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { axe, launch, overflow, themes, widths } from '../../../../operations/src/test/node/browser.mjs';

const [folder, ...rest] = process.argv.slice(2);
const at = rest.indexOf('--shots');
const shots = at < 0 ? null : rest[at + 1];
const names = at < 0 ? rest : rest.slice(0, at);
const started = Date.now();
const timed = (what) => process.env.TIMES && console.error(`${Date.now() - started} ms ${what}`);
const urlOf = (name) => pathToFileURL(resolve(folder, `${name}.html`)).href;

const faults = [];
const { browser, context, close } = await launch();

function expect(name, what, isSo) {
  if (!isSo) faults.push(`${name}: not so: ${what}`);
}

async function look(name) {
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(urlOf(name));
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const where = `${name}, ${theme}, ${width}: `;
      for (const fault of await overflow(page)) faults.push(where + fault);
      if (shots) {
        await page.screenshot({ path: join(shots, `${name}-${theme}-${width}.png`), caret: 'initial' });
      }
    }
    for (const fault of await axe(page)) faults.push(`${name}, ${theme}: ${fault}`);
  }
  for (const fault of await page.evaluate(structure)) faults.push(`${name}: ${fault}`);
  await uses[name]?.(page, name);
  for (const line of said) faults.push(`${name}: the browser says ${line}`);
  await page.close();
  timed(name);
}

/** What is wrong with a page's headings, places and links. */
function structure() {
  const found = [];
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length > 0) found.push(`two places have the name ${twice[0]}`);
  for (const link of document.querySelectorAll('a')) {
    const to = link.getAttribute('href');
    if (!to.startsWith('#') || !ids.includes(to.slice(1))) found.push(`a link leads to ${to}`);
  }
  let before = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) found.push(`a heading of level ${level} follows one of ${before}`);
    before = level;
  }
  if (document.querySelectorAll('h1').length !== 1) found.push('there is not one title');
  if (document.title === 'owned') found.push('a text from outside ran');
  return found;
}

/** Waits until the field says something. Playwright's own way of waiting is not for strict pages. */
async function said(page, pattern) {
  let text = '';
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    text = await page.locator('.finder output').textContent();
    if (text.match(pattern)) return;
    await new Promise((next) => setTimeout(next, 30));
  }
  throw new Error(`the field says "${text}", not "${pattern}"`);
}

/** Whether a link leads there: its click may be answered before the address has changed. */
const led = (page, address) => page.waitForURL(address).then(() => true, () => false);

const visible = (page, selector) => page.locator(`${selector}:visible`).count();

const uses = {
  async trail(page, name) {
    const rows = '.calls li';
    const search = page.getByRole('searchbox');
    const found = page.locator('.finder output');
    const say = (pattern) => said(page, pattern);
    expect(name, '2,000 calls are folded at first', (await visible(page, rows)) === 0);
    await search.fill('JIRA.delete  out_of_scope');
    await say('^50 found');
    expect(name, 'denied calls are found and unfolded', (await visible(page, rows)) === 50);
    await search.fill('denied');
    await say('^51 found');
    expect(name, 'of a card that is found, only what is found in it', (await visible(page, rows)) === 50);
    const key = await page.locator('#token2 > details.more code').first().textContent();
    await search.fill(key);
    await say('^3 found');
    expect(name, 'a whole key finds its holder', (await visible(page, '#token2')) === 1);
    expect(name, 'another holder is hidden', (await visible(page, '#token1')) === 0);
    await search.fill('no such words');
    await say('Nothing');
    expect(name, 'nothing is shown', (await visible(page, '.found')) === 0);
    await search.press('Escape');
    expect(name, 'Escape shows all again', (await visible(page, '#token1')) === 1);
    expect(name, 'and folds again', (await visible(page, rows)) === 0);
    expect(name, 'the field says nothing then', (await found.textContent()) === '');

    await page.goto(`${urlOf(name)}#record1500`);
    expect(name, 'a link unfolds its record', await page.locator('#record1500').isVisible());
    await page.setViewportSize({ width: 390, height: 900 });
    for (const fault of await overflow(page)) faults.push(`${name}, unfolded: ${fault}`);
    await page.evaluate(() => document.querySelector('#record2001').closest('details').open = true);
    for (const fault of await axe(page)) faults.push(`${name}, unfolded: ${fault}`);
    await page.goto(urlOf(name));
    await page.emulateMedia({ media: 'print' });
    expect(name, 'paper has every call', await page.locator('#record1500').evaluate(
      (row) => row.getBoundingClientRect().height > 5));
    expect(name, 'paper has no field', (await visible(page, '.finder')) === 0);
    await withoutScript(name);
  },

  async 'long-chain'(page, name) {
    await page.setViewportSize({ width: 900, height: 900 });
    await page.keyboard.press('Tab');
    const skip = page.locator('.skip');
    expect(name, 'the first key leads past the contents', await skip.evaluate(
      (link) => link === document.activeElement && link.getBoundingClientRect().height > 15
        && parseInt(getComputedStyle(link).outlineWidth) >= 2));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(name, 'then comes the field', await page.getByRole('searchbox').evaluate(
      (field) => field === document.activeElement));
    const step = page.locator('#step30');
    expect(name, 'a step is folded', !(await step.evaluate((fold) => fold.open)));
    await step.locator('> summary').focus();
    await page.keyboard.press('Enter');
    expect(name, 'a key unfolds it', await step.evaluate((fold) => fold.open));
    await step.getByRole('link', { name: 'agent:29' }).click();
    expect(name, 'a name leads to its step', await led(page, /#step29$/));
    const spaces = await page.locator('#step20').textContent();
    expect(name, '30,000 spaces are counted, not shown', /… \(30\d\d\d characters, SHA-256 /.test(spaces)
      && !/ {3}/.test(spaces));
  },

  async tree(page, name) {
    const names = page.locator('#names li');
    const twice = names.filter({ has: page.getByRole('heading', { name: 'agent:branch-3' }) });
    const once = names.filter({ has: page.getByRole('heading', { name: 'agent:stem-3' }) });
    expect(name, 'a name with two keys is said', (await twice.locator('.alert').count()) === 1);
    expect(name, 'a name with one key is not', (await once.locator('.alert').count()) === 0);
    await twice.getByRole('link').nth(1).click();
    expect(name, 'a token is led to', await led(page, /#token\d+$/));
    await page.goto(urlOf(name));
    await page.locator('.contents').getByRole('link', { name: 'agent:stem-3' }).click();
    const card = page.locator(':target');
    expect(name, 'the contents lead to a token', (await card.locator('h3').textContent()) === 'agent:stem-3');
    await card.getByRole('link', { name: 'agent:stem-2' }).click();
    expect(name, 'a name leads to the token it comes from',
      (await page.locator(':target').locator('h3').textContent()) === 'agent:stem-2');
  },

  async chain(page, name) {
    expect(name, 'a short page has no script', (await page.locator('script').count()) === 0);
    expect(name, 'a short page has no contents', (await page.locator('nav').count()) === 0);
    const turned = await page.locator('dd bdi').first().evaluate((word) => {
      word.parentElement.style.whiteSpace = 'nowrap';
      const after = document.createRange();
      after.setStart(word.nextSibling, 1);
      after.setEnd(word.nextSibling, 4);
      return [after.toString(), after.getBoundingClientRect().left - word.getBoundingClientRect().right];
    });
    expect(name, 'digits stay behind a word that runs from the right',
      turned[0] === '100' && turned[1] > 0 && turned[1] < 20);
    await injected(name);
  },

  async 'long-review'(page, name) {
    await page.locator('.counts').getByRole('link', { name: 'open' }).click();
    expect(name, 'a count leads to its items', await led(page, /#open$/));
    await page.getByRole('searchbox').fill('T-105 planner-105');
    await said(page, '^1 found');
    expect(name, 'one item is found', (await visible(page, '.found')) === 1);
  },
};

/** The choice between calls needs no script. */
async function withoutScript(name) {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(urlOf(name));
  expect(name, 'no field without script', (await visible(page, 'input[type=search]')) === 0);
  await page.getByLabel('denied ones only').check();
  await page.locator('details.calls > summary').first().click();
  expect(name, 'only denied calls are shown', (await visible(page, '.calls li.denied')) > 0
    && (await visible(page, '.calls li.allowed')) === 0);
  await plain.close();
}

/** If a text from outside were markup after all, the page's policy would stop it. */
async function injected(name) {
  const evil = '<script>document.title = "owned"</script><style>body { display: none }</style>'
    + '<p id="evil" style="display: none" onclick="document.title = \'owned\'">evil</p>'
    + '<base href="https://example.com/"><img src="data:image/png;base64,AAAA" onerror="document.title = \'owned\'">';
  const html = readFileSync(resolve(folder, `${name}.html`), 'utf8');
  writeFileSync(resolve(folder, 'injected.html'), html.replace('<main>', '<main>' + evil));
  const page = await context.newPage();
  await page.goto(urlOf('injected'));
  expect(name, 'no style from outside counts', await page.locator('#evil').isVisible());
  await page.locator('#evil').click();
  expect(name, 'no script from outside runs', (await page.title()) !== 'owned');
  expect(name, 'links stay on the page',
    await page.evaluate(() => document.baseURI.startsWith('file:')));
  await page.close();
}

try {
  for (const name of names) await look(name);
} finally {
  await close();
}
faults.forEach((fault) => console.log(fault));
