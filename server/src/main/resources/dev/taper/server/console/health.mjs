// Health: lists and their age, verifiers, keys and what depends on them, stores, the queue.
import { get } from "./api.mjs";
import { alert, facts, groups, h, outside, plural, time } from "./dom.mjs";

const badge = (isGood, good, bad) => h("span", { class: `badge ${isGood ? "good" : "bad"}` }, isGood ? good : bad);

export class Health {
  constructor(context) {
    this.context = context;
  }

  get title() {
    return "Health";
  }

  async open() {
    const { lists = [], verifiers = [], keys = [], stores = [], findings, asks } = await get("/api/health");
    const now = this.context.now();
    return h(
      "div",
      { class: "page" },
      h("h1", { tabindex: "-1" }, "Health"),
      section("Lists of what is revoked", lists, (each) => listView(each, now), "No list is configured: nothing that is revoked is known here."),
      section("Verifiers", verifiers, (each) => verifierView(each, now), "None tells the console how it is."),
      section("Keys", keys, (each) => keyView(each, now), "None is known."),
      section("Stores", stores, ({ name, ok, ms, error }) => h("li", { class: "card" }, h("h3", { class: "line" }, outside(name, 400), badge(ok, "answers", "does not answer")), ms !== undefined && h("p", { class: "quiet" }, `in ${ms} ms`), error && alert(outside(error, 1000))), "None is configured."),
      findings && section("Findings", findings, (each) => findingView(each, now), "The log has none."),
      asks && h("section", { "aria-labelledby": "asks" }, h("h2", { id: "asks" }, "Asks"), facts(["open", asks.open], ["not shown", asks.hidden], ["told by webhook", asks.webhook && `${asks.webhook.sent} sent, ${asks.webhook.failed} failed`], ["last told", asks.webhook?.last_at && time(asks.webhook.last_at, now)])),
    );
  }
}

let ids = 0;
function section(title, all, line, none) {
  const id = `health-${++ids}`;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), all.length === 0 ? h("p", { class: "quiet" }, none) : h("ul", { class: "cards" }, all.map(line)));
}

const LIST = { fresh: "good", stale: "bad", unread: "bad" };

const listView = ({ name, state, sequence, issued_at: issued, next_update_at: next, stale_at: stale, signed_by: by, entries, error }, now) =>
  h(
    "li",
    { class: "card" },
    h("h3", { class: "line" }, outside(name, 400), h("span", { class: `badge ${LIST[state] ?? "bad"}` }, state)),
    facts(["number", sequence], ["entries", entries], ["issued", issued && time(issued, now)], ["next one", next && time(next, now)], ["stale", stale && time(stale, now)], ["signed by", by && h("code", {}, by)]),
    error && alert(outside(error, 1000)),
  );

function verifierView({ audience, ready, observes_only: observes, unrecorded, stores = [], files = [], replays, alone, revocation }, now) {
  return h(
    "li",
    { class: "card" },
    h("h3", { class: "line" }, outside(audience, 400), badge(ready, "ready", "not ready"), observes && h("span", { class: "badge bad" }, "only observes: lets everything through")),
    facts(
      ["proofs remembered", replays && `${replays.used} of ${replays.room}`],
      ["without the shared memory", alone && aloneView(alone, now)],
      ["its list", revocation && badge(revocation.fresh, `${Math.round(revocation.age_ms / 1000)} s old`, "stale")],
      ["not recorded", unrecorded > 0 ? h("span", { class: "badge bad" }, unrecorded) : undefined],
      ["stores", stores.length > 0 ? h("ul", {}, stores.map(({ name, reachable, last_failure_at: failed }) => h("li", { class: "line" }, outside(name, 400), badge(reachable, "reachable", "not reachable"), failed && h("span", { class: "quiet" }, "failed ", time(failed, now))))) : undefined],
      ["files", files.length > 0 ? h("ul", {}, files.map(({ name, modified_at: at, error }) => h("li", {}, outside(name, 400), at && h("span", { class: "quiet" }, " of ", time(at, now)), error && alert(outside(error, 1000))))) : undefined],
    ),
  );
}

/** What a verifier gives up while the memory that it shares does not answer. */
function aloneView({ since, calls, untold, goes_on: goesOn }, now) {
  if (!since) {
    return calls === 0 ? "no call yet; it may go on while the memory is away" : `${plural(calls, "call")} before; the memory answers`;
  }
  return h(
    "span",
    {},
    h("span", { class: "badge bad" }, goesOn ? "goes on alone" : "refuses calls"),
    ` ${untold === 1 ? "1 proof is" : `${untold} proofs are`} unknown to others, who may take each once; since `,
    time(since, now),
  );
}

const keyView = ({ use, key, name, until, living }, now) =>
  h(
    "li",
    { class: "card key" },
    h("h3", { class: "line" }, name === undefined ? "without a name" : outside(name, 400), h("span", { class: "tag" }, outside(use, 100))),
    h("p", {}, groups(key)),
    facts(["until", until && time(until, now)], ["depends on it", living === undefined ? undefined : plural(living, "living delegation")]),
  );

const findingView = ({ record, at, rule, task, words }, now) =>
  h(
    "li",
    { class: "card" },
    h("h3", { class: "line" }, h("a", { href: `#/timeline/${encodeURIComponent(record)}` }, outside(rule ?? "finding", 100)), h("span", { class: "badge bad" }, "noticed")),
    facts(["when", at && time(at, now)], ["task", task && outside(task, 400)]),
    words && h("p", {}, outside(words, 2048)),
  );
