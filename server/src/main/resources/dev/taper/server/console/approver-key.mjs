// The approver's key: made here, shown to be compared, forgotten.
import { alert, announce, dialog, groups, h, moment, outside, replace, select } from "./dom.mjs";
import { forget, keys, make } from "./keystore.mjs";
import { algorithms } from "./token/verify.mjs";

const NAMES = ["Ed25519", "P-256"];

export class ApproverKey {
  constructor(context) {
    this.context = context;
    this.element = h("div", { class: "page" });
  }

  get title() {
    return "Your key";
  }

  async open() {
    const { context } = this;
    const own = await keys();
    const { keeper, keeper_missing: missing } = context.session;
    const possible = await algorithms();
    await context.choose();
    const kind = select(possible.map((algorithm) => [String(algorithm), NAMES[algorithm]]), { "aria-label": "Algorithm" });
    const makeOne = h("button", { type: "button", class: own.length === 0 && !keeper ? "main" : undefined, disabled: possible.length === 0, onclick: () => this.#make(Number(kind.value)) }, "Make a key");
    replace(
      this.element,
      h("h1", { tabindex: "-1" }, "Your key"),
      h("p", {}, "With it you approve. It is made in this browser and never leaves it: no page can read it, this one included. What it signs is shown before."),
      own.map((each) => this.#card(each, `made ${moment(each.made)} in this browser`)),
      keeper && this.#card({ ...keeper, isKeeper: true }, ["the keeper's ", outside(keeper.name)]),
      missing && alert(h("span", {}, "The keeper that has ", outside(missing), " does not answer."), ""),
      own.length === 0 && !keeper && alert("There is none yet.", ""),
      h("section", { class: "card", "aria-labelledby": "new" }, h("h2", { id: "new" }, own.length === 0 ? "Make one" : "Make another one"), h("div", { class: "line" }, kind, makeOne)),
      possible.length === 0 && alert("This browser can make no key that approvals may have. Use another one, or the keeper's."),
      h("section", { class: "card", "aria-labelledby": "then" }, h("h2", { id: "then" }, "Before it counts"),
        h("p", {}, "A key counts once whoever keeps the signed names file has listed it as yours, or a grant names it. Read the key's text to that person, or compare it on both screens, over a way that you trust: not over the one that asks come by."),
        h("p", {}, "It is bound to this browser, this profile and the address of this console. Another browser has another key: list both, they are one person's.")),
      h("section", { class: "card", "aria-labelledby": "lost" }, h("h2", { id: "lost" }, "If it is lost"),
        h("p", {}, "Deleting this browser's data, or this profile, deletes the key. Nobody can bring it back, and nothing else is lost: make a new one here, have it listed in the names file in place of the old one, and revoke the old one (taper revoke holder KEY), which also takes back what it approved. Grants that name a group go on; grants that name the old key itself wait for their end or a new token."),
        h("p", {}, "If somebody else may have used this browser, revoke the key at once.")),
    );
    return this.element;
  }

  #card(each, words) {
    const { by, personOf, groupsOf } = this.context;
    const isChosen = by?.key === each.key;
    const person = personOf(each.key);
    const listed = person === undefined ? alert("The names file of this machine does not list it.", "") : h("p", {}, h("span", { class: "badge good" }, "listed"), " as ", outside(person), groupsOf(each.key).length > 0 ? [", in ", groupsOf(each.key).map((group, i) => [i > 0 && ", ", outside(group)])] : "");
    return h(
      "section",
      { class: isChosen ? "card main key" : "card key" },
      h("h2", {}, isChosen ? "The key that approves" : "Another key"),
      h("p", { class: "fingerprint" }, groups(each.key)),
      h("p", { class: "quiet" }, words),
      listed,
      h("div", { class: "line buttons" },
        h("button", { type: "button", onclick: () => this.#copy(each.key) }, "Copy"),
        !isChosen && h("button", { type: "button", onclick: () => this.#choose(each.key) }, "Approve with this one"),
        !each.isKeeper && h("button", { type: "button", onclick: () => this.#forget(each.key) }, "Delete…")),
    );
  }

  async #make(algorithm) {
    const made = await make(algorithm, this.context.now());
    await this.#choose(made.key);
    announce("The key is made. Compare it with whoever keeps the names file.");
  }

  async #choose(key) {
    this.context.chosen(key);
    await this.open();
    this.element.querySelector("h1").focus();
  }

  async #copy(key) {
    await navigator.clipboard.writeText(key).then(() => announce("Copied."), () => announce("The browser did not let it be copied."));
  }

  async #forget(key) {
    const words = h("p", {}, "It can not be brought back. What it approved stays approved until it is revoked.");
    if ((await dialog("Delete this key?", words, [["", "Keep it"], ["delete", "Delete it"]])) !== "delete") return;
    await forget(key);
    await this.open();
    announce("The key is deleted.");
  }
}
