// Asks that look alike, and in what they differ.
import { canonicalValue, parse } from "./token/json.mjs";

/** In more parts or characters than this, two asks are told apart at a glance. */
const FEW = 3;
const NEAR = 4;
const ABSENT = 3;

const known = new WeakMap(); // each ask is compared with all others

function partsOf(ask) {
  if (!known.has(ask)) known.set(ask, readParts(ask));
  return known.get(ask);
}

/** What an ask that could be read consists of, each part as text. */
function readParts(ask) {
  const { call, holder, delegator, task, audience, catalog } = ask;
  const parts = new Map([
    ["asked by", holder.holder],
    ["key", holder.key],
    ["on behalf of", delegator],
    ["task", task],
    ["at", audience],
    ["tool", call.tool],
    ["operation", call.operation ?? "none"],
    ["resource", call.resource ?? "none"],
    ["catalog", catalog ?? "none"],
  ]);
  const args = parse(call.canonical, "", 17).get("args");
  for (const [name, value] of args) parts.set(`argument ${JSON.stringify(name)}`, canonicalValue(value));
  return { parts, seen: new Map(), pairs: new WeakMap() };
}

/** Where two texts differ: what is before that, and what is behind; by whole characters. */
export function difference(here, there) {
  const least = Math.min(here.length, there.length);
  let start = longest(least, (from, to) => here.slice(from, to) === there.slice(from, to));
  if (start > 0 && /[\ud800-\udbff]/.test(here[start - 1])) start--;
  const back = (text, from, to) => text.slice(text.length - to, text.length - from);
  let end = longest(least - start, (from, to) => back(here, from, to) === back(there, from, to));
  if (end > 0 && /[\udc00-\udfff]/.test(here[here.length - end])) end--;
  const cut = (text) => text.slice(start, text.length - end);
  return { before: here.slice(0, start), here: cut(here), there: cut(there), after: here.slice(here.length - end) };
}

/** How far two texts are the same, at most so far: found by halves, because agents make texts as long as they can. */
function longest(most, isSame) {
  let [known, end] = [0, most];
  while (known < end) {
    const middle = Math.ceil((known + end) / 2);
    if (isSame(known, middle)) known = middle;
    else end = middle - 1;
  }
  return known;
}

/** The parts in which two asks differ; one that an ask does not have is undefined there. */
export function differences(a, b) {
  const [here, there] = [partsOf(a).parts, partsOf(b).parts];
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((name) => here.get(name) !== there.get(name))
    .map((name) => ({ name, here: here.get(name), there: there.get(name) }));
}

/** What is left of a text for an eye that skims it. */
const skim = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Each part is skimmed once, not for each other ask. */
function skimmed(ask, name) {
  const { parts, seen } = partsOf(ask);
  if (!seen.has(name)) seen.set(name, skim(parts.get(name)));
  return seen.get(name);
}

/** How much an eye has to see to tell them apart, in characters; what looks the same to it counts nothing. */
function distance(a, b, parts) {
  let sum = 0;
  for (const { name, here, there } of parts) {
    if (here === undefined || there === undefined) sum += ABSENT;
    else if (skimmed(a, name) !== skimmed(b, name)) {
      const { here: own, there: others } = difference(here, there);
      sum += Math.max(own.length, others.length);
    }
  }
  return sum;
}

/** Two asks, compared once for as long as they are shown. */
function compared(ask, other) {
  const { pairs } = partsOf(ask);
  if (!pairs.has(other)) {
    const parts = differences(ask, other);
    pairs.set(other, parts.length > FEW ? { distance: Infinity } : { other, parts, distance: distance(ask, other, parts) });
  }
  return pairs.get(other);
}

/** Of the others, those that look like this ask, nearest first, with what differs. */
export function alike(ask, others) {
  return others
    .filter((other) => other !== ask && other.call !== undefined)
    .map((other) => compared(ask, other))
    .filter((found) => found.distance <= NEAR)
    .sort((a, b) => a.distance - b.distance);
}

/** Of these asks, all that look like another one of them. */
export function allAlike(asks) {
  const found = new Set();
  asks.forEach((ask, i) => {
    for (const other of asks.slice(i + 1)) {
      if (found.has(ask) && found.has(other)) continue;
      if (compared(ask, other).distance <= NEAR) found.add(ask).add(other);
    }
  });
  return found;
}
