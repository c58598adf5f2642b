// The queue of asks: read, verified, and kept as it was when it was shown.
import { get } from "./api.mjs";
import { readApproval } from "./token/beside.mjs";
import { readAsk } from "./token/ask.mjs";

import { keyText } from "./token/keys.mjs";
import { verify } from "./token/verify.mjs";

/** How many are shown first: more than a screen has room for. */
export const FIRST = 20;

/** How many are read at once. */
const PAGE = 50;
const MOST = 200;
const MOST_PAGES = 20; // a page may hold fewer, but not none for ever

/** What this machine trusts, in the form in which asks are read. */
export function trustOf({ root_keys: roots, names, services = [] }) {
  const listed = Object.create(null);
  for (const { name, key } of names?.agents ?? []) (listed[name] ??= []).push(key);
  const trusted = Object.create(null);
  for (const { key, id } of roots) {
    const issuer = names?.issuers?.find((each) => each.key === key)?.name;
    const name = issuer ?? `root key ${id ?? ""}`.trim();
    trusted[Object.hasOwn(trusted, name) ? `${name}, ${key}` : name] = key;
  }
  return { trusted, names: listed, services, approvers: names?.approvers ?? [] };
}

/** Open asks as the console tells them. */
const told = (key, limit, after) => get("/api/asks", { state: "open", key, limit, after });

let ahead;

/** Asks for the first of them, before the page that shows them can be made. */
export function askAhead(key) {
  ahead = { key, answer: told(key, FIRST) };
  ahead.answer.catch(() => {}); // whoever takes it is told
}

/** What was asked ahead, once, if it was asked for this key. */
function takeAhead(key) {
  const answer = ahead?.key === key ? ahead?.answer : undefined;
  ahead = undefined;
  return answer;
}

/** Of those who ask most, by the console's word: how many asks of each are not among these. */
const restOf = (waiting, items) =>
  waiting
    .map(({ delegator, agent, open }) => ({ delegator, agent, count: open - items.filter(({ read }) => read.delegator === delegator && read.hops?.[0].holder === agent).length }))
    .filter(({ count }) => count > 0);

/** The open asks, all who ask taking turns, each verified; and whether its request has changed since the last look. */
export class Queue {
  #known = new Map();
  #turn = 0;

  constructor(trust) {
    this.trust = trust;
    this.items = [];
    this.hidden = 0;
    this.rest = [];
  }

  /** Looks at the first of them, a page at least; of several looks at once the newest wins. */
  async load(key, now, most = MOST) {
    const mine = ++this.#turn;
    const items = [];
    let answer;
    let after;
    let pages = 0;
    const first = takeAhead(key);
    do {
      answer = await (after === undefined && first ? first : told(key, Math.min(most, PAGE), after));
      items.push(...answer.items);
      after = answer.next;
    } while (after !== undefined && items.length < most && ++pages < MOST_PAGES);
    // Signatures are verified by threads of the browser: none waits for the one before.
    const read = await Promise.all(items.map((item) => this.#read(item, now)));
    if (mine !== this.#turn) return this;
    this.hidden = answer.hidden ?? 0;
    this.open = answer.open ?? items.length;
    this.rest = answer.next === undefined || most < MOST ? [] : restOf(answer.waiting ?? [], read);
    this.#known = new Map(read.map((item) => [item.ask, item]));
    this.items = read;
    return this;
  }

  async #read(item, now) {
    if (typeof item.ask !== "string") return { ask: "", read: { flaws: [{ code: "malformed_ask", words: "it has no name" }] } };
    if (item.request === undefined) {
      const { code = "malformed_ask", detail = "" } = item.broken ?? {};
      return { ...item, approvers: [], read: { flaws: [{ code, words: detail }] } };
    }
    const known = this.#known.get(item.ask);
    const isSame = known?.request === item.request && isStill(known.read, now);
    const read = isSame ? known.read : await readAsk(item.request, this.trust, now);
    return { ...item, read, approvers: await approversOf(item, read), isChanged: known !== undefined && known.request !== item.request };
  }
}

/** Whether what was verified would be read the same now: the bytes are the same, and only time could change it. */
const isStill = ({ call, until }, now) => call !== undefined && (until === undefined || until > BigInt(Math.floor(now / 1000)));

/** Who approved already, by their signatures, as far as they are for this very ask. */
async function approversOf({ approvals = [] }, { state, audience, call }) {
  const good = [];
  for (const text of approvals) {
    try {
      const approval = readApproval(text);
      await verify(approval.by, approval.message, approval.signature);
      const isForThis = approval.audiences.includes(audience) && (approval.calls !== undefined || approval.meaning === call?.digest);
      if (isForThis && (approval.state === state || approval.onward)) good.push({ key: keyText(approval.by), until: approval.until });
    } catch {
      // what is no approval of this is not shown
    }
  }
  return good;
}

