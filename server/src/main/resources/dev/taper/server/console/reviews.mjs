// Reviews: what is due, and each delegation certified or revoked by a person.
import { get, post, Refused } from "./api.mjs";
import { alert, announce, dialog, facts, field, h, outside, plural, time } from "./dom.mjs";
import { pager, textFilter } from "./pager.mjs";
import { isLabel } from "./token/text.mjs";

export class Reviews {
  #chosen = new Set();

  constructor(context) {
    this.context = context;
    this.buttons = [];
  }

  get title() {
    return "Reviews";
  }

  async open([number], query) {
    return number === undefined ? this.#all() : this.#one(number, query);
  }

  async #all() {
    const list = pager((after) => get("/api/reviews", { limit: 50, after }), (each) => this.#card(each), { noun: "review", none: "There is no review." });
    await list.add();
    return h("div", { class: "page" }, h("h1", { tabindex: "-1" }, "Reviews"), list.element, this.context.can.includes("review") && this.#newForm());
  }

  #card(review) {
    const { review: number, title, started_by: by, due_at: due, closed_at: closed, items, open, certified, revoked, lapsed, overdue } = review;
    const state = closed !== undefined ? ["ended", "closed"] : overdue ? ["bad", "overdue"] : ["warn", "open"];
    return h(
      "li",
      { class: `card ${closed === undefined && open > 0 ? "open" : ""}` },
      h("h3", {}, h("a", { href: `#/reviews/${number}` }, `${number}: `, outside(title ?? "without a title", 400)), " ", h("span", { class: `badge ${state[0]}` }, state[1])),
      facts(["started by", outside(by ?? "unknown", 400)], ["due", due === undefined ? undefined : time(due, this.context.now())], ["open", `${open} of ${items}`], ["certified", certified], ["revoked", revoked], ["lapsed", lapsed]),
    );
  }

  #newForm() {
    const form = h("form", { class: "card filters", "aria-labelledby": "new" }, h("h2", { id: "new" }, "Start a review"), textFilter("title", "Title"), textFilter("due", "Due in, such as 7d", "7d"), textFilter("delegator", "Only of this person"), textFilter("agent", "Only of this agent"), textFilter("task", "Only of this task"), h("div", { class: "line buttons" }, h("button", {}, "Start")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ""));
      await this.#trying(async () => {
        const { review, items } = await post("/api/reviews", said);
        announce(`Review ${review} has ${plural(items, "delegation")}.`);
        location.hash = `#/reviews/${review}`;
      });
    });
    return form;
  }

  async #trying(action) {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await dialog("Not done", alert(error.message), [["", "Close"]]);
    }
  }

  async #one(number, query) {
    this.#chosen.clear();
    const state = query.get("state") ?? "open";
    const path = `/api/reviews/${encodeURIComponent(number)}`;
    const first = await get(path, { state, limit: 50 });
    let isFirst = true;
    const load = async (after) => {
      const answer = isFirst ? first : await get(path, { state, limit: 50, after });
      isFirst = false;
      return answer;
    };
    const list = pager(load, (each) => this.#item(each), { noun: "delegation", none: state === "open" ? "All is decided." : "It has none." });
    await list.add();
    const { review } = first;
    const canDecide = this.context.can.includes("review") && review.closed_at === undefined;
    this.buttons = canDecide ? [h("button", { type: "button", class: "main", disabled: true, onclick: () => this.#decide(number, "certified") }, "Certify…"), h("button", { type: "button", disabled: true, onclick: () => this.#decide(number, "revoked") }, "Revoke…")] : [];
    const all = canDecide && h("button", { type: "button", onclick: () => this.#chooseAll(list.element) }, "Select all that are shown");
    return h(
      "div",
      { class: "page" },
      h("p", { class: "eyebrow" }, h("a", { href: "#/reviews" }, "Reviews")),
      h("h1", { tabindex: "-1" }, `Review ${review.review}: `, outside(review.title ?? "", 400)),
      h("ul", { class: "counts" }, [["open", review.open], ["certified", review.certified], ["revoked", review.revoked], ["lapsed", review.lapsed]].map(([words, count]) => h("li", { class: count > 0 ? words : "none" }, h("b", {}, count), words))),
      h("p", { class: "line" }, h("a", { href: `#/reviews/${review.review}`, "aria-current": state === "open" ? "true" : undefined }, "Open ones"), h("a", { href: `#/reviews/${review.review}?state=all`, "aria-current": state === "all" ? "true" : undefined }, "All"), review.due_at === undefined ? "" : h("span", { class: "quiet" }, "due ", time(review.due_at, this.context.now()))),
      list.element,
      canDecide && h("div", { class: "line buttons bar" }, all, this.buttons),
    );
  }

  #item({ item, state, delegation, by, at, reason }) {
    const { now } = this.context;
    const isOpen = state === "open" && this.context.can.includes("review");
    const box = isOpen && h("input", { type: "checkbox", value: String(item), id: `item-${item}`, onchange: ({ target }) => this.#choose(item, target.checked) });
    const title = h("span", {}, outside(delegation.holder, 400), " from ", outside(delegation.grantor, 400));
    return h(
      "li",
      { class: `card ${state}` },
      h("h3", { class: isOpen ? "choice" : "line" }, box, isOpen ? h("label", { for: `item-${item}` }, title) : title, !isOpen && h("span", { class: `badge ${state === "certified" ? "good" : state === "open" ? "warn" : "bad"}` }, state)),
      h("p", {}, outside(delegation.granted ?? "", 2000)),
      facts(["person", outside(delegation.delegator, 400)], ["task", outside(delegation.task, 400)], ["calls", `${delegation.calls ?? 0} allowed, ${delegation.denied ?? 0} denied`], ["ends", delegation.ends_at === undefined ? "never" : time(delegation.ends_at, now())], ["decided by", by === undefined ? undefined : outside(by, 400)], ["at", at === undefined ? undefined : time(at, now())], ["why", reason === undefined ? undefined : outside(reason)]),
    );
  }

  #choose(item, isChosen) {
    if (isChosen) this.#chosen.add(item);
    else this.#chosen.delete(item);
    for (const button of this.buttons) button.disabled = this.#chosen.size === 0;
  }

  #chooseAll(list) {
    for (const box of list.querySelectorAll("input[type=checkbox]")) {
      box.checked = true;
      this.#choose(Number(box.value), true);
    }
    announce(`${this.#chosen.size} selected.`);
  }

  async #decide(number, decision) {
    const items = [...this.#chosen].sort((a, b) => a - b).slice(0, 200);
    const why = h("input", { type: "text", maxlength: "1000", required: decision === "revoked" });
    const words = decision === "certified" ? `Certify ${plural(items.length, "delegation")}` : `Revoke ${plural(items.length, "delegation")}`;
    if ((await dialog(`${words}?`, field("Why", why), [["", "Go back", { formnovalidate: true }], ["go", words, { class: "main" }]])) === undefined) return;
    const reason = why.value.trim();
    if (reason !== "" && !isLabel(reason, 1024)) return void announce("The reason has characters that cannot be seen.");
    await this.#trying(async () => {
      await post(`/api/reviews/${encodeURIComponent(number)}/decisions`, { decision, items, ...(reason === "" ? {} : { reason }) });
      announce(`${plural(items.length, "delegation")} ${decision}.`);
    });
    this.context.reload();
  }
}
