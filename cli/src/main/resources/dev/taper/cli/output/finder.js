'use strict';
// Hides what does not hold all words that are typed, and opens what is folded where something does.
(() => {
  const finder = document.querySelector('.finder');
  const field = finder.querySelector('input');
  const output = finder.querySelector('output');
  const folds = [...document.querySelectorAll('main details')];
  // What is found for itself, and what only counts it.
  const COUNTED = '.found, .calls > summary, table';
  let items = null;
  let wereOpen = null;

  const textOf = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    return [...node.childNodes]
      .filter((child) => !(child.nodeType === Node.ELEMENT_NODE && child.matches(COUNTED)))
      .map(textOf).join(' ');
  };
  const plain = (text) => text.toLowerCase().replace(/\s+/g, ' ');

  // An item is what is found: a record, or a card with what stands in it beside its records.
  const read = () => {
    const known = new Map();
    items = [...document.querySelectorAll('main .found')].map((element) => {
      const around = known.get(element.parentElement.closest('.found')) ?? null;
      const item = { element, around, text: plain(textOf(element)) };
      known.set(element, item);
      return item;
    });
  };

  // A whole key or digest is found by the start that is shown of it.
  const wordsOf = (text) => plain(text).split(' ').filter((word) => word !== '')
    .map((word) => word.replace(/^((?:ed25519\/|secp256r1\/)?[0-9a-f]{16})[0-9a-f…]+$/, '$1'));

  const unfold = (words) => {
    const hits = items.filter((item) => item.hit);
    for (const fold of folds) {
      const inside = items.filter((item) => item.element !== fold && fold.contains(item.element));
      fold.hidden = fold.matches('.found') ? fold.hidden
        : inside.length > 0 && inside.every((item) => !item.shown);
      if (words.length === 0) {
        fold.open = wereOpen.includes(fold);
      } else if (fold.matches('.found') || inside.length > 0) {
        fold.open = hits.some((item) => fold.contains(item.element));
      } else {
        const text = plain(textOf(fold));
        fold.open = words.every((word) => text.includes(word));
      }
    }
  };

  const show = () => {
    const words = wordsOf(field.value);
    if (items === null) read();
    if (wereOpen === null) wereOpen = folds.filter((fold) => fold.open);
    for (const item of items) {
      item.hit = words.every((word) => item.text.includes(word));
      item.hitsInside = false;
      if (item.hit && item.around !== null) item.around.hitsInside = true;
    }
    for (const item of items) { // a card that is found shows what is found in it, or else all
      const { around } = item;
      item.shown = item.hit || item.hitsInside
        || (around !== null && around.hit && !around.hitsInside);
      item.element.hidden = !item.shown;
    }
    unfold(words);
    const hits = items.filter((item) => item.hit).length;
    if (words.length === 0) {
      wereOpen = null;
      output.textContent = '';
    } else {
      output.textContent = hits === 0 ? 'Nothing of that here.' : `${hits} found.`;
    }
  };

  let waiting = 0;
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && field.value !== '') {
      event.preventDefault();
      field.value = '';
      show();
    }
  });
  document.querySelector('#shown-denied')?.addEventListener('change', () => {
    for (const fold of document.querySelectorAll('details.calls:has(.denied)')) fold.open = true;
  });
  finder.hidden = false;
  field.parentElement.hidden = false;
})();
