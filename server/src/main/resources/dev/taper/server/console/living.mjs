// Living authority: who may do what now, by person, agent and task; what is not used; and how it ends.
import { get } from "./api.mjs";
import { facts, h, moment, outside, plural, rows, select, short, time } from "./dom.mjs";
import { filters, link, pager, textFilter } from "./pager.mjs";
import { revoke } from "./revoke.mjs";

const SHOW = [
  ["", "everything"],
  ["unused", "never used"],
  ["unexercised", "with tools never used"],
  ["denied", "denied often"],
  ["expiring", "ending soon"],
];
const ORDER = [
  ["delegator", "by person"],
  ["agent", "by agent"],
  ["task", "by task"],
];
const MARKS = { unused: ["warn", "never used"], unexercised: ["warn", "tools never used"], denied: ["bad", "denied often"], expiring: ["warn", "ends soon"] };

export class Living {
  constructor(context) {
    this.context = context;
  }

  get title() {
    return "Living authority";
  }

  async open([id], query) {
    return id === undefined ? this.#all(query) : this.#one(id);
  }

  async #all(query) {
    const said = Object.fromEntries(query);
    const [summary, first] = await Promise.all([get("/api/living/summary"), get("/api/living", { ...said, limit: 50 })]);
    let isFirst = true;
    const load = async (after) => {
      if (!isFirst) return get("/api/living", { ...said, limit: 50, after });
      isFirst = false;
      return first;
    };
    const list = pager(load, (each) => this.#card(each), { noun: "delegation", none: "Nothing of that kind lives." });
    await list.add();
    const choose = (name, label, options) => h("div", { class: "field" }, h("label", { for: `filter-${name}` }, label), select(options, { id: `filter-${name}`, name, value: said[name] ?? options[0][0] }));
    const form = filters("living", [choose("show", "Show", SHOW), choose("order", "In order", ORDER), textFilter("delegator", "Person", said.delegator), textFilter("agent", "Agent", said.agent), textFilter("task", "Task", said.task)], "Filter what lives");
    return h("div", { class: "page" }, h("h1", { tabindex: "-1" }, "Living authority"), countsView(summary, this.context.now()), form, byView(summary), list.element);
  }

  #card(each) {
    const { now } = this.context;
    return h(
      "li",
      { class: "card" },
      h("h3", {}, h("a", { href: `#/living/${each.id}` }, outside(each.holder, 400)), h("span", { class: "quiet" }, " from "), outside(each.grantor, 400)),
      h("p", { class: "line" }, (each.marks ?? []).map((mark) => h("span", { class: `badge ${MARKS[mark]?.[0] ?? "ended"}` }, MARKS[mark]?.[1] ?? mark))),
      h("p", {}, outside(each.granted, 2000)),
      facts(
        ["person", h("a", { href: link("living", { delegator: each.delegator }) }, outside(each.delegator, 400))],
        ["task", h("a", { href: link("living", { task: each.task }) }, outside(each.task, 400))],
        ["calls", `${each.calls} allowed, ${each.denied} denied`],
        ["last call", each.last_call_at === undefined ? "never" : time(each.last_call_at, now())],
        ["ends", each.ends_at === undefined ? "never" : time(each.ends_at, now())],
        ["never used", each.unexercised?.length > 0 ? each.unexercised.map((tool, i) => [i > 0 && ", ", outside(tool, 200)]) : undefined],
      ),
      this.#button(each),
    );
  }

  #button(each) {
    if (!this.context.can.includes("revoke")) return undefined;
    return h("div", { class: "line buttons" }, h("button", { type: "button", onclick: () => revoke(each, this.context), "aria-label": `Revoke what ${each.holder} has from ${each.grantor}` }, "Revoke…"));
  }

  async #one(id) {
    const { delegation, chain = [], handed_on: handedOn = [], budgets = [] } = await get(`/api/living/${encodeURIComponent(id)}`);
    const { now } = this.context;
    const items = chain.map((each) => h("li", {}, h("div", { class: "card hop" }, h("h3", {}, h("a", { href: `#/living/${each.id}`, "aria-current": each.id === id ? "true" : undefined }, outside(each.holder, 1024))), h("p", {}, outside(each.granted, 4000)), h("p", { class: "quiet" }, each.ends_at === undefined ? "without an end" : ["ends ", time(each.ends_at, now())]))));
    return h(
      "div",
      { class: "page" },
      h("p", { class: "eyebrow" }, h("a", { href: "#/living" }, "Living authority")),
      h("h1", { tabindex: "-1" }, outside(delegation.holder, 1024)),
      rows(
        ["from", outside(delegation.grantor, 1024)],
        ["on behalf of", outside(delegation.delegator, 1024)],
        ["task", [outside(delegation.task, 1024), delegation.purpose === undefined ? undefined : [": ", outside(delegation.purpose)]]],
        ["may", outside(delegation.granted, 4000)],
        ["its key", h("code", {}, delegation.holder_key)],
        ["issued by", h("code", {}, delegation.root_key)],
        ["ends", delegation.ends_at === undefined ? "never" : time(delegation.ends_at, now())],
        ["recorded", delegation.recorded_at === undefined ? undefined : moment(delegation.recorded_at)],
        ["calls", `${delegation.calls} allowed, ${delegation.denied} denied`],
        ["calls of", delegation.tools?.length > 0 ? delegation.tools.map((tool, i) => [i > 0 && ", ", outside(tool, 200)]) : undefined],
        ["never used", delegation.unexercised?.length > 0 ? delegation.unexercised.map((tool, i) => [i > 0 && ", ", outside(tool, 200)]) : undefined],
        ["block", h("code", {}, delegation.id)],
      ),
      this.#button(delegation),
      h("section", { "aria-labelledby": "chain" }, h("h2", { id: "chain" }, "The chain"), h("ol", { class: "chain" }, h("li", { class: "origin" }, h("b", {}, outside(delegation.delegator, 1024))), items)),
      handedOn.length > 0 && h("section", { "aria-labelledby": "on" }, h("h2", { id: "on" }, `Handed on to ${handedOn.length}`), h("ul", { class: "cards" }, handedOn.map((each) => this.#card(each)))),
      budgets.length > 0 && h("section", { "aria-labelledby": "budgets" }, h("h2", { id: "budgets" }, "Budgets"), h("ul", { class: "cards" }, budgets.map(({ counter, calls, spent, last_at: last }) => h("li", { class: "card" }, h("p", {}, `${plural(calls, "call")}`, spent === undefined ? "" : [", ", outside(spent)], last === undefined ? "" : [", the last ", time(last, now())]), h("p", { class: "quiet" }, "counter ", short(counter)))))),
    );
  }
}

function countsView({ living, unused, unexercised, denied, expiring, as_of: at }, now) {
  const entries = [
    ["living", living, "living", {}],
    ["never used", unused, "open", { show: "unused" }],
    ["with tools never used", unexercised, "open", { show: "unexercised" }],
    ["denied often", denied, "revoked", { show: "denied" }],
    ["ending soon", expiring, "open", { show: "expiring" }],
  ];
  return [
    h("ul", { class: "counts" }, entries.map(([words, count, kind, parameters]) => h("li", { class: count > 0 ? kind : "none" }, h("b", {}, count), h("a", { href: link("living", parameters) }, words)))),
    h("p", { class: "quiet" }, "as of ", time(at, now)),
  ];
}

const byView = ({ by = {} }) =>
  h("details", {}, h("summary", {}, "By person, agent and task"), h("div", { class: "by" }, [["delegator", "Persons"], ["agent", "Agents"], ["task", "Tasks"]].map(([name, title]) => h("section", {}, h("h2", {}, title), h("ul", {}, (by[name] ?? []).map(({ name: text, living }) => h("li", {}, h("a", { href: link("living", { [name]: text }) }, outside(text, 400)), ` ${living}`)))))));
