// The page of approvals: a queue, one ask shown whole, and its answer. Made for the keyboard.
import { alike, allAlike } from "./alike.mjs";
import { get, post, Refused } from "./api.mjs";
import { answerParts } from "./answer-view.mjs";
import { alikeView, askerView, beforeView, callView, chainView, effectView, flawsOf } from "./ask-view.mjs";
import { answerBatch } from "./batch.mjs";
import { alert, announce, h, outside, plural, replace, rows, short, time } from "./dom.mjs";
import { answers, remember } from "./keystore.mjs";
import { FIRST, Queue } from "./queue.mjs";
import { approve, statementFor } from "./terms.mjs";

/** What it may be about. */
const NOT_COUNTED = " A service that keeps no count of uses takes only approvals for any number of times.";

export class Approvals {
  #selected = new Set();
  #current; // what is shown, as it was read then
  #busy = false;
  #similar = new Map(); // each ask with the mark that it looks like another one

  constructor(context) {
    this.context = context;
    this.queue = new Queue(context.trust);
    this.list = h("ol", { class: "queue", "aria-label": "Open asks, by turns of who asks" });
    this.count = h("p", { class: "quiet", id: "count" });
    this.rest = h("ul", { class: "quiet", id: "rest", "aria-label": "Who asks what is not here" });
    this.batch = h("button", { type: "button", hidden: true, onclick: () => this.#answerSelected() });
    this.detail = h("article", { class: "detail", "aria-label": "The ask" });
    this.element = h("div", { class: "two" }, h("section", { class: "side", "aria-labelledby": "queue" }, h("h1", { id: "queue", tabindex: "-1" }, "Approvals"), this.count, this.list, this.rest, this.batch), this.detail);
  }

  get title() {
    return "Approvals";
  }

  async open([name]) {
    const isFirst = name === undefined && this.queue.items.length === 0;
    await this.#load(isFirst ? FIRST : undefined);
    const known = this.queue.items.find(({ ask }) => ask === name);
    const shown = known ?? (name === undefined ? this.queue.items[0] : undefined);
    if (shown) this.#show(shown);
    else this.#showNothing(name);
    if (name !== undefined) this.detail.querySelector("h2").setAttribute("data-focus", "");
    if (isFirst && this.queue.open > this.queue.items.length) requestIdleCallback(() => this.#loadRest());
    return this.element;
  }

  /** Looks again when the console says that something has changed; what is being read stays as it is. */
  async pulse({ open }) {
    if (this.#busy || open === this.queue.open) return;
    await this.#load();
    const same = this.queue.items.find(({ ask }) => ask === this.#current?.ask);
    if (this.#current === undefined && this.queue.items.length > 0) this.#show(this.queue.items[0]);
    else if (this.#current && !same) this.#warn("This ask is not open any more: it was answered elsewhere, or has ended.");
    else if (same && same.request !== this.#current.request) this.#warn("This ask has been changed. It can be answered only after you have looked at it anew.");
  }

  /** The first asks are shown before the others are read. */
  async #loadRest() {
    try {
      await this.#load();
    } catch (error) {
      announce(error.message);
    }
  }

  async #load(most) {
    const { by, now } = this.context;
    await this.queue.load(by?.key, now(), most);
    const names = new Set(this.queue.items.map(({ ask }) => ask));
    for (const name of this.#selected) if (!names.has(name)) this.#selected.delete(name);
    this.#renderList();
    this.#renderAlike();
  }

  #renderList() {
    const { items, hidden } = this.queue;
    const more = this.queue.open > items.length ? `, of which the first ${items.length} are here` : "";
    replace(this.count, items.length === 0 ? "Nothing is asked." : `${plural(this.queue.open, "open ask")}${more}.`, hidden > 0 ? ` ${plural(hidden, "ask")} of tokens that could not do it anyway: not shown.` : "");
    replace(this.rest, this.queue.rest.map(({ delegator, agent, count }) => h("li", {}, `${plural(count, "ask")} not here: `, outside(agent, 80), " on behalf of ", outside(delegator, 80))));
    this.rest.hidden = this.queue.rest.length === 0;
    this.#similar.clear();
    replace(this.list, items.map((item, i) => this.#line(item, i)));
    requestIdleCallback(() => this.#markAlike(items)); // each with each takes a while
    this.batch.hidden = this.#selected.size === 0;
    replace(this.batch, `Answer ${plural(this.#selected.size, "selected ask")}…`);
  }

  #markAlike(items) {
    if (items !== this.queue.items) return;
    const found = allAlike(items.filter(({ read }) => read.call).map(({ read }) => read));
    for (const [read, mark] of this.#similar) mark.hidden = !found.has(read);
  }

  #line(item, i) {
    const { read, ask } = item;
    const isCurrent = ask === this.#current?.ask;
    const words = read.call
      ? [h("b", {}, outside(read.call.tool, 200)), " ", outside(read.call.resource ?? "", 200), argumentsLine(read.call), h("span", { class: "quiet" }, outside(read.holder.holder, 200), " at ", outside(read.audience, 200))]
      : [h("b", {}, "Cannot be read"), h("span", { class: "quiet" }, read.flaws[0].code)];
    const box = h("input", { type: "checkbox", checked: this.#selected.has(ask), disabled: !this.#canBeSelected(item), "aria-label": `Select ask ${i + 1}`, onchange: () => this.#toggle(ask) });
    const similar = h("span", { class: "badge warn", hidden: true }, "looks like another");
    this.#similar.set(read, similar);
    const marks = [read.call && read.flaws.length > 0 && h("span", { class: "badge bad" }, "cannot be approved"), similar];
    return h("li", { class: isCurrent ? "card main" : "card" }, box, h("a", { href: `#/approvals/${ask}`, "aria-current": isCurrent ? "true" : undefined }, `${i + 1}. `, words, marks));
  }

  #others = ({ ask }) => this.queue.items.filter((other) => other.ask !== ask && other.read.call).map(({ read }) => read);

  /** What the shown ask looks like, among all that are read by now. */
  #renderAlike() {
    const { read } = this.#current ?? {};
    if (read?.call) replace(this.similar, alikeView(alike(read, this.#others(this.#current)), this.#number));
  }

  #canBeSelected = (item) => canBeBatched(item) && this.context.can.some((each) => each === "approve" || each === "refuse");

  #toggle(name) {
    if (!this.#selected.delete(name)) this.#selected.add(name);
    this.#renderList();
  }

  /** How an ask is called in words about another one. */
  #number = (read) => {
    const item = this.queue.items.find((each) => each.read === read);
    return h("a", { href: `#/approvals/${item.ask}` }, `ask ${this.queue.items.indexOf(item) + 1}`);
  };

  #show(item) {
    this.#current = item;
    this.#renderList();
    this.list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    const { read } = item;
    if (!read.call) {
      replace(this.detail, h("h2", { tabindex: "-1" }, "An ask that cannot be read"), flawsOf(read));
      return;
    }
    const { context } = this;
    const now = context.now();
    this.notice = h("div", { class: "notice" });
    this.similar = h("div");
    this.#renderAlike();
    this.answer = answerParts(item, context, { approve: (terms) => this.#approve(item, terms), refuse: (reason) => this.#refuse(item, reason), asks: () => [read, ...this.#others(item)] });
    const before = h("div");
    replace(
      this.detail,
      h("h2", { tabindex: "-1" }, outside(read.call.tool, 1024), " ", outside(read.call.resource ?? "", 1024)),
      this.notice,
      item.isChanged && alert("This ask is another one than when you last looked."),
      flawsOf(read),
      h("section", { "aria-labelledby": "asked" }, h("h3", { id: "asked" }, "Exactly what is asked"), callView(read, context.trust.services, read.call.isWhole)),
      this.similar,
      h("section", { "aria-labelledby": "asker" }, h("h3", { id: "asker" }, "Who asks"), askerView(read, now), rows(["ask ends", time(item.until_s * 1000, now)])),
      h("section", { "aria-labelledby": "effect" }, h("h3", { id: "effect" }, "What an approval does"), effectView(read, context.by?.key, context.groupsOf(context.by?.key)), approversView(item, context), item.counts === false && context.by && alert("By what the service says, your approval would not count now.", "")),
      h("section", { "aria-labelledby": "before" }, h("h3", { id: "before" }, "Before"), before),
      h("section", { "aria-labelledby": "chain" }, h("h3", { id: "chain" }, "The chain, from signed bytes"), chainView(read)),
      this.answer.element,
    );
    this.#addBefore(item, before);
  }

  /** What was before stands beside an ask, and nobody waits for it. */
  async #addBefore(item, before) {
    try {
      const own = await this.#ownWords(item.read);
      replace(before, beforeView(undefined, own));
      const looked = await get(`/api/asks/${item.ask}`, { key: this.context.by?.key });
      if (looked.before) replace(before, beforeView(looked.before, own));
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // an ask that is gone shows when it is answered
    }
  }

  async #ownWords({ holder, call }) {
    if (this.context.session.mode === "people") return undefined;
    const own = (await answers()).filter((each) => each.holder === holder.holder && each.tool === call.tool);
    const [yes, no] = [own.filter(({ answer }) => answer === "approved"), own.filter(({ answer }) => answer === "refused")];
    return own.length === 0 ? "In this browser, nothing of this agent and tool was answered before." : `In this browser, ${yes.length} of this agent and tool were approved, ${no.length} refused.`;
  }

  #showNothing(name) {
    this.#current = undefined;
    replace(this.detail, h("h2", { tabindex: "-1" }, name === undefined ? "All is answered" : "This ask is not open"), h("p", {}, name === undefined ? "New asks appear here by themselves." : "It was answered, has ended, or was never there."));
  }

  #warn(words) {
    if (!this.notice) return;
    replace(this.notice, alert(words), h("button", { type: "button", onclick: () => this.#next() }, "Go on"));
    this.answer?.forbid();
    announce(words);
  }

  /** Whether the ask is still the one that is shown. */
  async #isSame(item) {
    const { request } = await get(`/api/asks/${item.ask}`, { key: this.context.by?.key });
    return request === item.request;
  }

  async #approve(item, terms) {
    await this.#answering(item, async () => {
      if (!(await this.#isSame(item))) return this.#warn("This ask has been changed. It can be answered only after you have looked at it anew.");
      const { by, now } = this.context;
      const approval = await approve(item.ask, item.read, statementFor(item.read, terms, now()), by);
      await this.#send([{ ask: item.ask, approval }], "approved");
    });
  }

  #refuse(item, reason) {
    return this.#answering(item, () => this.#send([{ ask: item.ask, refusal: reason }], "refused"));
  }

  async #answering(item, action) {
    if (this.#busy || item !== this.#current) return;
    this.#busy = true;
    this.answer?.forbid();
    try {
      await action();
    } catch (error) {
      this.#warn(error instanceof Refused ? `Not answered. ${error.message}` : `Not answered. ${error.message ?? error}`);
    } finally {
      this.#busy = false;
    }
  }

  /** Sends answers, says what became of each, and goes on. */
  async #send(sent, answer) {
    const { results } = await post("/api/answers", { answers: sent });
    const said = [];
    for (const { ask, state, code, detail } of results) {
      const item = this.queue.items.find((each) => each.ask === ask);
      if (!item) continue; // nothing that was asked for
      const { read } = item;
      if (state === undefined) said.push(`Not ${answer}: ${code}${detail ? `, ${detail}` : ""}.${code === "approval_mismatch" ? NOT_COUNTED : ""}`);
      else await remember({ time: this.context.now(), answer, ask, tool: read.call.tool, holder: read.holder.holder, digest: read.call.digest }).catch(() => {}); // sent is sent
      if (state === "open") said.push(`${answer}, and kept; more approvers are needed.`);
    }
    const good = results.filter(({ state }) => state !== undefined).length;
    this.context.changed();
    const failed = results.find(({ state }) => state === undefined);
    const behind = failed ? failed.ask : this.#behind(new Set(sent.map(({ ask }) => ask)));
    await this.#load();
    announce(`${good > 0 ? `${plural(good, "ask")} ${answer}. ` : ""}${said.join(" ")} ${plural(this.queue.open, "open ask")} left.`);
    await this.#goTo(behind);
    if (said.length > 0) this.#warnNext(said.join(" "));
  }

  #warnNext(words) {
    this.detail.prepend(alert(words, ""));
  }

  /** The next ask that is none of these. */
  #behind(names) {
    const { items } = this.queue;
    const at = items.findIndex(({ ask }) => names.has(ask));
    const order = [...items.slice(at + 1), ...items.slice(0, at)];
    return order.find(({ ask }) => !names.has(ask))?.ask;
  }

  async #next() {
    const { ask } = this.#current ?? {};
    await this.#load();
    const isThere = this.queue.items.some((each) => each.ask === ask);
    await this.#goTo(isThere ? ask : this.queue.items[0]?.ask);
  }

  async #goTo(name) {
    const item = this.queue.items.find(({ ask }) => ask === name) ?? this.queue.items[0];
    history.replaceState(null, "", item ? `#/approvals/${item.ask}` : "#/approvals");
    if (item) this.#show(item);
    else {
      this.#showNothing();
      this.#renderList();
    }
    this.detail.querySelector("h2").focus();
  }

  async #answerSelected() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const items = this.queue.items.filter(({ ask }) => this.#selected.has(ask));
      const sent = await answerBatch(items, this.context, (item) => this.#isSame(item));
      if (!sent) return;
      this.#selected.clear();
      await this.#send(sent.answers, sent.answer);
    } catch (error) {
      this.#warn(`Not answered. ${error.message ?? error}`);
    } finally {
      this.#busy = false;
    }
  }

  /** Single keys, where no field has the focus. */
  key(key) {
    const at = this.queue.items.findIndex(({ ask }) => ask === this.#current?.ask);
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[key];
    if (step !== undefined) {
      const item = this.queue.items[at + step];
      if (item) this.#goTo(item.ask);
      return true;
    }
    if (key === "a") return this.answer?.focusApprove() ?? false;
    if (key === "r") return this.answer?.focusRefuse() ?? false;
    if (key === "x" && at >= 0 && this.#canBeSelected(this.queue.items[at])) this.#toggle(this.queue.items[at].ask);
    else if (key === "b" && this.#selected.size > 0) this.#answerSelected();
    else return false;
    return true;
  }
}

/** The beginning of the arguments. */
const argumentsLine = (call) =>
  call.arguments.length > 0 && h("span", { class: "quiet" }, outside(call.arguments.map(({ name, value }) => `${name}: ${value}`).join(", "), 60));

/** What can be seen whole, and has no flaw, can be answered with others. */
const canBeBatched = ({ read }) => Boolean(read.call) && read.flaws.length === 0 && read.call.isWhole;

function approversView({ approvers }, { personOf }) {
  if (approvers.length === 0) return h("p", {}, "Nobody has approved it yet.");
  return h("div", {}, h("p", {}, `Approved already by ${plural(approvers.length, "key")}, whose signatures are good:`), h("ul", {}, approvers.map(({ key }) => h("li", {}, personOf(key) === undefined ? "" : [outside(personOf(key)), " "], short(key)))));
}
