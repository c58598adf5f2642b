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
  return parts;
}

/** Where two texts differ: what is before that, and what is behind; by whole characters. */
export function difference(here, there) {
  const [a, b] = [Array.from(here), Array.from(there)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const cut = (all) => all.slice(start, all.length - end).join("");
  return { before: a.slice(0, start).join(""), here: cut(a), there: cut(b), after: a.slice(a.length - end).join("") };
}

/** The parts in which two asks differ; one that an ask does not have is undefined there. */
export function differences(a, b) {
  const [here, there] = [partsOf(a), partsOf(b)];
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((name) => here.get(name) !== there.get(name))
    .map((name) => ({ name, here: here.get(name), there: there.get(name) }));
}

/** What is left of a text for an eye that skims it. */
const skimmed = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** How much an eye has to see to tell them apart, in characters; what looks the same to it counts nothing. */
function distance(parts) {
  return parts.reduce((sum, { here, there }) => {
    if (here === undefined || there === undefined) return sum + ABSENT;
    if (skimmed(here) === skimmed(there)) return sum;
    const { here: own, there: others } = difference(here, there);
    return sum + Math.max(own.length, others.length);
  }, 0);
}

/** What differs between two asks that look alike, and how much; undefined if they do not. */
function likeness(ask, other) {
  if (other === ask || other.call === undefined) return undefined;
  const parts = differences(ask, other);
  if (parts.length > FEW) return undefined;
  const found = { other, parts, distance: distance(parts) };
  return found.distance <= NEAR ? found : undefined;
}

/** Of the others, those that look like this ask, nearest first, with what differs. */
export function alike(ask, others) {
  return others
    .map((other) => likeness(ask, other))
    .filter((found) => found !== undefined)
    .sort((a, b) => a.distance - b.distance);
}

/** Of these asks, all that look like another one of them. */
export function allAlike(asks) {
  const found = new Set();
  asks.forEach((ask, i) => {
    for (const other of asks.slice(i + 1)) {
      if (found.has(ask) && found.has(other)) continue;
      if (likeness(ask, other)) found.add(ask).add(other);
    }
  });
  return found;
}
