// What happened: the audit log with filters, a record with its hash recomputed here, a task's tree.
import { get } from "./api.mjs";
import { alert, code, facts, h, moment, outside, plural, rows, time } from "./dom.mjs";
import { filters, link, pager, textFilter } from "./pager.mjs";
import { concat, hex, sha256 } from "./token/bytes.mjs";

const KINDS = "allow deny ask approve mint delegate seal revoke review rotate task_end finding".split(" ");
const FOLDED = 20;

export class Timeline {
  constructor(context) {
    this.context = context;
  }

  get title() {
    return "Timeline";
  }

  async open([number], query) {
    return number === undefined ? this.#all(query) : this.#record(number);
  }

  async #all(query) {
    const said = Object.fromEntries(query);
    const days = { since: startOf(said.since), until: startOf(said.until) };
    let log;
    const load = async (after) => {
      const answer = await get("/api/timeline", { ...said, ...days, limit: 100, after });
      log ??= answer.log;
      return answer;
    };
    const list = pager(load, line, { list: h("ul", { class: "records" }), noun: "record", none: "Nothing of that kind is recorded." });
    await list.add();
    const kind = h("div", { class: "field" }, h("label", { for: "filter-kind" }, "Kind"), h("select", { id: "filter-kind", name: "kind" }, ["", ...KINDS].map((each) => h("option", { value: each, selected: each === (said.kind ?? "") }, each === "" ? "all" : each.replace("_", " ")))));
    const form = filters("timeline", [kind, textFilter("task", "Task", said.task), textFilter("agent", "Agent", said.agent), textFilter("code", "Code", said.code), textFilter("token", "Token", said.token), dayFilter("since", "From this day on (UTC)", said.since), dayFilter("until", "Before this day (UTC)", said.until)], "Filter the timeline");
    const tree = said.task && h("p", {}, h("a", { href: `#/tasks/${encodeURIComponent(said.task)}` }, "The tree of this task"));
    return h("div", { class: "page" }, h("h1", { tabindex: "-1" }, "Timeline"), logView(log, this.context.now()), form, tree, list.element);
  }

  async #record(number) {
    const { text, hash, signed, words, log } = await get(`/api/timeline/${encodeURIComponent(number)}`);
    const own = hex(sha256(concat("\0TAPER\0AUDIT\0", text)));
    const isSame = own === hash;
    return h(
      "div",
      { class: "page" },
      h("p", { class: "eyebrow" }, h("a", { href: "#/timeline" }, "Timeline")),
      h("h1", { tabindex: "-1" }, `Record ${number}`),
      h("p", {}, outside(words, 4000)),
      isSame ? h("p", { class: "line" }, h("span", { class: "badge good" }, "hash recomputed here"), h("span", { class: `badge ${signed ? "good" : "warn"}` }, signed ? "covered by a signed checkpoint" : "not yet covered by a checkpoint")) : alert("The hash that the console sent is not that of this record."),
      logView(log, this.context.now()),
      rows(...Object.entries(membersOf(text)).map(([name, value]) => [h("span", {}, outside(name, 100)), valueView(name, value)])),
      h("p", {}, "hash ", h("code", {}, own)),
      h("details", {}, h("summary", {}, "As it stands in the log"), h("pre", {}, outside(text, 65_536))),
    );
  }
}

/** The members of a record; nothing of what cannot be read, which is shown as it stands in the log. */
function membersOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const dayFilter = (name, label, value) => h("div", { class: "field" }, h("label", { for: `filter-${name}` }, label), h("input", { type: "date", name, id: `filter-${name}`, value: value ?? "" }));

/** The beginning of a day, in milliseconds; undefined for what is none. */
function startOf(day) {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function valueView(name, value) {
  if (typeof value === "object" && value !== null) return code(JSON.stringify(value), 8000);
  return [outside(String(value), 8000), name === "time" && typeof value === "number" && h("span", { class: "quiet" }, ` ${moment(value)}`)];
}

function logView(log, now) {
  if (!log) return undefined;
  const { state, records, signed_to: to, kept_from: from, flaw, notes = [], read_at: at } = log;
  const words = { signed: ["good", "signed"], chained: ["warn", "chained, but signed by nobody that is known: it proves nothing"], broken: ["bad", "broken"] }[state] ?? ["bad", state];
  return h(
    "section",
    { class: "card", "aria-label": "The log" },
    h("p", { class: "line" }, h("span", { class: `badge ${words[0]}` }, words[1]), `${plural(records, "record")}${to === undefined ? "" : `, signed up to ${to}`}${from > 0 ? `; those before ${from} are verified, and not kept here` : ""}`, at === undefined ? "" : h("span", { class: "quiet" }, "read ", time(at, now))),
    flaw && alert(h("span", {}, h("b", {}, outside(flaw.kind)), ` line ${flaw.line}: `, outside(flaw.message ?? ""), ". What is behind it is not shown.")),
    notes.map((note) => h("p", { class: "quiet" }, outside(note))),
  );
}

/** A record in one line. */
function line({ seq, time: at, kind, words, task, agents = [], caller, code: why, grounds = [] }) {
  const isDenied = kind === "deny";
  return h(
    "li",
    { class: isDenied ? "denied" : "allowed" },
    h("span", { class: "stamp" }, moment(at)),
    h("span", { class: "words" }, h("b", {}, kind.replace("_", " ")), " ", outside(words, 2000), why && [" ", h("span", { class: "code" }, outside(why))]),
    h("a", { class: "number", href: `#/timeline/${seq}`, "aria-label": `Record ${seq}` }, `#${seq}`),
    h("span", { class: "more-words" }, task && [h("a", { href: link("timeline", { task }) }, outside(task, 400)), " "], caller && [outside(caller, 400), " "], agents.length > 1 && agentsView(agents), grounds.map((each) => [" ", outside(each, 1000)])),
  );
}

function agentsView(agents) {
  const names = agents.map((each, i) => [i > 0 && " → ", outside(each, 400)]);
  return agents.length <= 6 ? h("span", { class: "route" }, names) : h("details", { class: "more" }, h("summary", {}, `${agents.length} agents`), h("span", { class: "route" }, names));
}

export class Task {
  constructor(context) {
    this.context = context;
  }

  get title() {
    return "Task";
  }

  async open([id]) {
    const { task, delegator, purpose, tokens = [], events = [], log, cut } = await get(`/api/tasks/${encodeURIComponent(id)}`);
    const children = new Map();
    const known = new Set(tokens.map(({ token }) => token));
    for (const each of tokens) {
      const parent = known.has(each.parent) && each.parent !== each.token ? each.parent : undefined;
      children.set(parent, [...(children.get(parent) ?? []), each]);
    }
    const drawn = new Set();
    const tree = (parent) => {
      const own = (children.get(parent) ?? []).filter(({ token }) => !drawn.has(token) && drawn.add(token));
      return own.length > 0 && h("ul", { class: "tree" }, own.map((each) => h("li", {}, tokenView(each, this.context.now()), tree(each.token))));
    };
    return h(
      "div",
      { class: "page" },
      h("p", { class: "eyebrow" }, h("a", { href: link("timeline", { task }) }, "Timeline of the task")),
      h("h1", { tabindex: "-1" }, "Task ", outside(task, 1024)),
      h("p", {}, outside(purpose ?? "", 4000), delegator && [" delegated by ", outside(delegator, 1024)]),
      logView(log, this.context.now()),
      cut && alert("The task has more than is shown: at most 500 tokens and 2,000 calls.", ""),
      tree(undefined),
      events.length > 0 && h("section", { "aria-labelledby": "events" }, h("h2", { id: "events" }, "Events"), h("ul", { class: "records" }, events.map(line))),
    );
  }
}

const STATES = { living: "good", expired: "ended", revoked: "bad", lapsed: "warn", "task ended": "ended" };

function tokenView({ by, holder, granted, until, state, allowed, denied, unproven, calls = [], depth }, now) {
  const all = h("ul", { class: "records" }, calls.map((each) => line({ ...each, agents: [] })));
  return h(
    "div",
    { class: "card" },
    h("h2", {}, outside(holder ?? "nobody", 1024), " ", h("span", { class: `badge ${STATES[state] ?? "ended"}` }, state)),
    h("p", {}, "from ", outside(by ?? "", 1024), ": ", outside(granted ?? "", 4000)),
    facts(["calls", `${allowed} allowed, ${denied} denied${unproven > 0 ? `, ${unproven} without a proof` : ""}`], ["until", until === undefined ? "without an end" : time(until, now)], ["depth", depth]),
    calls.length > 0 && (calls.length > FOLDED ? h("details", {}, h("summary", {}, plural(calls.length, "call")), all) : all),
  );
}
